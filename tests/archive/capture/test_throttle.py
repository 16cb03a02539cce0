"""How many hands work at once, by what the process takes of a core; and that none is forgotten while few may."""

from __future__ import annotations

import threading
import time
from concurrent.futures import wait

import pytest

from archive.capture.lanes import Lanes
from archive.capture.throttle import WINDOW, Throttle


class Machine:
    """A clock that a test moves, and CPU time that goes with it."""

    def __init__(self) -> None:
        self.now, self.taken = 0.0, 0.0

    def run(self, seconds: float, share: float) -> None:
        self.now += seconds
        self.taken += seconds * share

    def throttle(self, most: int, least: int) -> Throttle:
        return Throttle(most, least, clock=lambda: self.now, spent=lambda: self.taken)


def after(machine: Machine, throttle: Throttle, *shares: float) -> list[int]:
    allowed = []
    for share in shares:
        machine.run(2 * WINDOW, share)
        allowed.append(throttle.allowed())
    return allowed


def test_hands_become_fewer_while_a_core_is_taken_and_more_when_it_is_free_again() -> None:
    machine = Machine()
    throttle = machine.throttle(16, 3)
    assert throttle.allowed() == 16
    assert after(machine, throttle, 1.0, 1.9, 0.95, 1.0) == [8, 4, 3, 3]
    assert after(machine, throttle, 0.8, 0.7, 0.1, 0.0, 0.0) == [3, 6, 12, 16, 16]


def test_nothing_changes_before_a_window_has_gone_by() -> None:
    machine = Machine()
    throttle = machine.throttle(16, 2)
    machine.run(0.9 * WINDOW, 1.0)
    assert throttle.allowed() == 16
    machine.run(0.2 * WINDOW, 1.0)
    assert throttle.allowed() == 8


@pytest.mark.parametrize("most", [1, 2, 3])
def test_where_few_may_at_all_none_is_taken_away(most: int) -> None:
    machine = Machine()
    throttle = machine.throttle(most, 4)
    assert after(machine, throttle, 2.0, 2.0, 0.0) == [most, most, most]


class Counting:
    """Tasks that stay until they are let go, and how many of them are there."""

    def __init__(self) -> None:
        self.there, self.most = 0, 0
        self.changed = threading.Condition()
        self.go = False

    def stay(self) -> None:
        with self.changed:
            self.there += 1
            self.most = max(self.most, self.there)
            self.changed.notify_all()
            assert self.changed.wait_for(lambda: self.go, timeout=10)
            self.there -= 1

    def come_to(self, number: int) -> bool:
        with self.changed:
            return self.changed.wait_for(lambda: self.there == number, timeout=5)

    def let_go(self) -> None:
        with self.changed:
            self.go = True
            self.changed.notify_all()


def come_to_rest(lanes: Lanes, idle: int) -> bool:
    """Wait until so many hands wait, so that what happens next is none that was on its way."""
    ends = time.monotonic() + 5
    while lanes._idle != idle and time.monotonic() < ends:
        time.sleep(0.01)
    return lanes._idle == idle


def busy_machine() -> tuple[Machine, Throttle]:
    """Where two hands may work, since the core was taken so far."""
    machine = Machine()
    throttle = machine.throttle(8, 2)
    assert after(machine, throttle, 1.0, 1.0) == [4, 2]
    return machine, throttle


def test_no_more_work_than_may_and_all_is_done_in_the_end() -> None:
    _, throttle = busy_machine()
    lanes, tasks = Lanes(jobs=8, per_host=8, throttle=throttle), Counting()
    futures = [lanes.submit("h", tasks.stay, gap=0.0) for _ in range(20)]
    assert tasks.come_to(2)
    tasks.let_go()
    wait(futures, timeout=10)
    assert [future.done() for future in futures] == [True] * 20
    assert tasks.most == 2
    lanes.close()


def test_when_those_who_work_wait_for_the_network_others_get_to_work_by_themselves() -> None:
    """Nobody submits, nobody ends: the hand that looks has to find it out, and wake the others."""
    machine, throttle = busy_machine()
    lanes, tasks = Lanes(jobs=8, per_host=8, throttle=throttle), Counting()
    futures = [lanes.submit("h", tasks.stay, gap=0.0) for _ in range(8)]
    assert tasks.come_to(2) and come_to_rest(lanes, 6)
    machine.run(2 * WINDOW, 0.0)
    assert tasks.come_to(4) and come_to_rest(lanes, 4)
    machine.run(2 * WINDOW, 0.0)
    assert tasks.come_to(8)
    tasks.let_go()
    wait(futures, timeout=10)
    lanes.close()


def test_a_hand_that_may_not_work_does_not_outlive_the_lanes() -> None:
    _, throttle = busy_machine()
    lanes, tasks = Lanes(jobs=8, per_host=8, throttle=throttle), Counting()
    for _ in range(8):
        lanes.submit("h", tasks.stay, gap=0.0)
    assert tasks.come_to(2) and come_to_rest(lanes, 6)
    lanes.close()
    tasks.let_go()
    lanes.join(5)
    assert [thread for thread in lanes._threads if thread.is_alive()] == []
