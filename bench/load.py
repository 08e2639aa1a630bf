"""Answer times, beyond those of the model, when 1, 10 or 50 people ask at the same moment; all functions are warm."""

from bench.crowd import Crowd, gather, p50, p95
from bench.system import connect_as_new_user, deployed_system, set_faults
from documind.errors import Ending

CROWDS = ((1, 1), (10, 10), (10, 50))  # rooms, people
WARM_UPS, ROUNDS = 4, 5
WARM_UP_TAKES_S = 10  # by the model: slow, so that in the end as many functions run as questions are asked
SLOW_MODEL_S = 4
TIMEOUT_S = 120


def run() -> None:
    """Print the table: for each crowd a row with a model that answers at once, and one with a slow model."""
    print("| askers, rooms | model takes | first text p50 | p95 | end p50 | p95 | answered |")
    print("|---|---|---|---|---|---|---|")
    for rooms, people in CROWDS:
        with deployed_system() as (_, deployed):
            crowd = gather(lambda: connect_as_new_user(deployed), rooms=rooms, people=people)
            set_faults(deployed, chat={"delay_s": WARM_UP_TAKES_S})
            for _ in range(WARM_UPS):
                crowd.ask_at_once(TIMEOUT_S)
            set_faults(deployed)
            measure(crowd, "0 s")
            set_faults(deployed, chat={"delay_s": SLOW_MODEL_S})
            measure(crowd, f"{SLOW_MODEL_S} s")


def measure(crowd: Crowd, model: str) -> None:
    """Print a row of the table."""
    first, end, answered, asked = [], [], 0, 0
    for _ in range(ROUNDS):
        crowd.ask_at_once(TIMEOUT_S)
        first += crowd.first_text_s()
        end += crowd.ended_s()
        asked += len(crowd.askers)
        answered += sum(message.ending is Ending.ANSWER for room in crowd.rooms for message in room[0].endings)
    first, end = sorted(first), sorted(end)
    times = " | ".join(f"{seconds:.2f} s" for seconds in (p50(first), p95(first), p50(end), p95(end)))
    print(f"| {len(crowd.askers)}, {len(crowd.rooms)} | {model} | {times} | {answered} of {asked} |")
