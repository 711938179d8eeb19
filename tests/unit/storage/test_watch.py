from storage.embedded.watch import Patience


def test_quick_deaths_are_restarted_more_and_more_slowly() -> None:
    patience = Patience(started=0.0)
    now, waits = 0.0, []
    for _ in range(8):
        assert patience.may_start(now)
        patience.note_start(now)
        waits.append(patience.not_before - now)
        assert not patience.may_start(now)
        now = patience.not_before
    assert waits == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]


def test_a_process_that_ran_long_is_restarted_at_once() -> None:
    patience = Patience(started=0.0)
    patience.note_start(1.0)
    patience.note_alive(999.0)
    patience.note_start(1000.0)
    assert patience.may_start(1000.0)
