"""Planets that attract each other; every digit must agree."""

from dataclasses import dataclass

PI = 3.141592653589793
SOLAR = 4 * PI * PI
YEAR = 365.24


@dataclass
class Body:
    name: str
    x: float
    y: float
    z: float
    vx: float
    vy: float
    vz: float
    mass: float

    def energy(self) -> float:
        return 0.5 * self.mass * (self.vx * self.vx + self.vy * self.vy + self.vz * self.vz)


def square_root(x: float) -> float:
    guess = x if x > 1.0 else 1.0
    for _ in range(60):
        guess = 0.5 * (guess + x / guess)
    return guess


def squared(x: float) -> float:
    return x * x


def advance(bodies: list[Body], step: float) -> None:
    for i, a in enumerate(bodies):
        for b in bodies[i + 1 :]:
            dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
            distance = square_root(dx * dx + dy * dy + dz * dz)
            pull = step / (distance * distance * distance)
            a.vx -= dx * b.mass * pull
            a.vy -= dy * b.mass * pull
            a.vz -= dz * b.mass * pull
            b.vx += dx * a.mass * pull
            b.vy += dy * a.mass * pull
            b.vz += dz * a.mass * pull
    for body in bodies:
        body.x += step * body.vx
        body.y += step * body.vy
        body.z += step * body.vz


def energy(bodies: list[Body]) -> float:
    total = 0.0
    for i, a in enumerate(bodies):
        total += a.energy()
        for b in bodies[i + 1 :]:
            distance = square_root(squared(a.x - b.x) + squared(a.y - b.y) + squared(a.z - b.z))
            total -= a.mass * b.mass / distance
    return total


sun = Body("sun", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, SOLAR)
jupiter = Body(
    "jupiter",
    4.84143144246472090,
    -1.16032004402742839,
    -0.103622044471123109,
    0.00166007664274403694 * YEAR,
    0.00769901118419740425 * YEAR,
    -0.0000690460016972063023 * YEAR,
    0.000954791938424326609 * SOLAR,
)
saturn = Body(
    "saturn",
    8.34336671824457987,
    4.12479856412430479,
    -0.403523417114321381,
    -0.00276742510726411,
    0.00499852801234917238,
    0.0000230417297573763929,
    0.000285885980666130812 * SOLAR,
)
saturn.vx *= YEAR
saturn.vy *= YEAR
saturn.vz *= YEAR
bodies = [sun, jupiter, saturn]
print(f"{energy(bodies):.9f}", energy(bodies))
for _ in range(500):
    advance(bodies, 0.01)
print(f"{energy(bodies):.9f}", energy(bodies))
for body in bodies:
    print(f"{body.name:>8} {body.x:12.6f} {body.y:+12.6e} {body.z:g}")
print(saturn)
