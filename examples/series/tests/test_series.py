import numpy as np
import pytest
import series


def test_series():
    numbers = np.array([1.0, 2.0, 6.0, 4.0])
    assert series.moving_average(numbers, 2).tolist() == [1.5, 4.0, 5.0]
    assert series.moving_average(numbers[::-2], 1).tolist() == [4.0, 2.0]
    for window in (0, 5):
        with pytest.raises(ValueError, match=r"^$"):
            series.moving_average(numbers, window)
    message = r"moving_average\(\) argument 'values': expected a buffer of f64 in this machine's byte order, got one of"
    with pytest.raises(TypeError, match=message):
        series.moving_average(np.arange(5), 2)
    table = np.array([[1.0, 10.0], [3.0, 30.0]])
    series.standardize(table[:, 1])
    assert table.tolist() == [[1.0, -1.0], [3.0, 1.0]]
    apart = series.distances(np.array([[0.0, 0.0], [3.0, 4.0]]))
    assert apart.tolist() == [[0.0, 5.0], [5.0, 0.0]]
    assert series.binomial(100, 50) == 100891344545564193334812497256
    assert series.binomial(3, 4) == 0
