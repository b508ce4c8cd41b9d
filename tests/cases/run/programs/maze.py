"""The shortest way through a maze, breadth first, with lists as queues."""

MAZE = """
###########
#S..#.....#
#.#.#.###.#
#.#...#...#
#.#####.#.#
#.......#E#
###########
""".strip().splitlines()

STEPS = ((0, -1, "^"), (1, 0, ">"), (0, 1, "v"), (-1, 0, "<"))


class NoWay(Exception):
    """The exit cannot be reached."""


class Place:
    def __init__(self, x: int, y: int, came_by: str, before: "Place | None") -> None:
        self.x = x
        self.y = y
        self.came_by = came_by
        self.before = before


def find(maze: list[str], mark: str) -> tuple[int, int]:
    for y, line in enumerate(maze):
        x = line.find(mark)
        if x >= 0:
            return x, y
    raise ValueError(f"no {mark!r} in the maze")


def solve(maze: list[str]) -> Place:
    x, y = find(maze, "S")
    end_x, end_y = find(maze, "E")
    seen = [[False] * len(line) for line in maze]
    seen[y][x] = True
    front = [Place(x, y, "S", None)]
    while front:
        after: list[Place] = []
        for place in front:
            if place.x == end_x and place.y == end_y:
                return place
            for dx, dy, sign in STEPS:
                x, y = place.x + dx, place.y + dy
                if maze[y][x] == "#" or seen[y][x]:
                    continue
                seen[y][x] = True
                after.append(Place(x, y, sign, place))
        front = after
    raise NoWay


def drawn(maze: list[str], end: Place) -> list[str]:
    canvas = [list(line) for line in maze]
    place: Place | None = end
    while place is not None and place.before is not None:
        canvas[place.before.y][place.before.x] = place.came_by
        place = place.before
    return ["".join(row) for row in canvas]


end = solve(MAZE)
print("\n".join(drawn(MAZE, end)))


def length(end: Place) -> int:
    steps = 0
    place = end
    while (before := place.before) is not None:
        steps += 1
        place = before
    return steps


print(length(end), "steps")
for broken in [
    [line.replace("E", "#") for line in MAZE],
    MAZE[:5] + ["#.#.....#E#", MAZE[6]],
    ["###", "#S#", "###", "#E#", "###"],
]:
    try:
        print(len(drawn(broken, solve(broken))))
    except NoWay:
        print("no way")
    except ValueError as error:
        print(error)
