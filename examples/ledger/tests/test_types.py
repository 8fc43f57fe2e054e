"""What type checkers know of the module, by the stub that was made from the Zig source."""

from mypy import api

PROGRAM = """
import datetime, decimal
import ledger

line = ledger.statement([{"day": datetime.date.today(), "amount": decimal.Decimal(1)}])[0]
reveal_type(line["balance"])
reveal_type(ledger.by_month([line]))
line["balanc"]
ledger.balance([], until="today")
"""


def test_types(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    said, _, status = api.run(["--strict", "--cache-dir", str(tmp_path / "cache"), str(program)])
    assert status == 1
    assert 'Revealed type is "decimal.Decimal"' in said
    assert 'Revealed type is "dict[datetime.date, decimal.Decimal]"' in said.replace("builtins.", "")
    assert 'has no key "balanc"' in said
    assert 'Argument "until" to "balance" has incompatible type "str"; expected "date | None"' in said
    assert "Found 2 errors" in said
