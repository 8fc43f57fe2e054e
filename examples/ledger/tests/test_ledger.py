from datetime import date
from decimal import Decimal

import ledger
import pytest

WAGES = {"day": date(2024, 1, 31), "amount": Decimal(1500), "text": "wages"}
RENT = {"day": date(2024, 2, 1), "amount": Decimal("-620.50")}


def test_balance():
    assert ledger.balance([]) == Decimal("0.00")
    assert str(ledger.balance([RENT, WAGES])) == "879.50"
    assert ledger.balance([RENT, WAGES], date(2024, 1, 31)) == 1500
    assert ledger.balance([{"day": date(1, 1, 1), "amount": Decimal("-3E+2")}]) == -300


def test_statement():
    bookings = [RENT, WAGES]
    lines = ledger.statement(bookings)
    assert [line["text"] for line in lines] == ["wages", ""]
    assert [str(line["balance"]) for line in lines] == ["1500.00", "879.50"]
    assert bookings == [RENT, WAGES], "Zig has sorted its copy"
    with pytest.raises(ledger.Overdrawn, match="'' on 2024-02-01 overdraws the account") as caught:
        ledger.statement([WAGES, RENT], limit=Decimal(1000))
    assert (caught.value.day, caught.value.missing) == (date(2024, 2, 1), Decimal("120.50"))


def test_by_month():
    assert ledger.by_month([WAGES, WAGES, RENT]) == {date(2024, 1, 1): 3000, date(2024, 2, 1): Decimal("-620.50")}


@pytest.mark.parametrize(
    ("booking", "kind", "message"),
    [
        ({"day": date(2024, 1, 1)}, TypeError, ", item 0: missing key 'amount'"),
        (RENT | {"txt": "rent"}, TypeError, ", item 0: unexpected key 'txt'"),
        (RENT | {"amount": 5.0}, TypeError, ", item 0, value of 'amount': expected decimal.Decimal, got float"),
        (RENT | {"day": "2024-01-01"}, TypeError, ", item 0, value of 'day': expected datetime.date, got str"),
        (RENT | {"amount": Decimal("0.001")}, ValueError, "an amount has more than two digits behind the point"),
        (RENT | {"amount": Decimal("NaN")}, ValueError, "an amount is no number"),
        (RENT | {"amount": Decimal("1E+30")}, OverflowError, "Overflow"),
    ],
)
def test_wrong_bookings(booking, kind, message):
    with pytest.raises(kind, match=message) as caught:
        ledger.balance([booking])
    if kind is TypeError:
        assert str(caught.value) == f"balance() argument 'bookings'{message}"
