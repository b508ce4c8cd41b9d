"""A cache that forgets what was used least recently: doubly linked by indices into lists."""


class LruCache:
    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError(f"capacity {capacity} is no good")
        self.keys: list[int] = [0] * capacity
        self.values: list[str] = [""] * capacity
        self.before: list[int] = [-1] * capacity
        self.after: list[int] = [-1] * capacity
        self.count = 0
        self.newest: int = -1
        self.oldest: int = -1
        self.hits = self.misses = 0

    def __len__(self) -> int:
        return self.count

    def __contains__(self, key: int) -> bool:
        return self.slot(key) is not None

    def slot(self, key: int) -> int | None:
        for index in range(self.count):
            if self.keys[index] == key:
                return index
        return None

    def unlink(self, slot: int) -> None:
        before, after = self.before[slot], self.after[slot]
        if before >= 0:
            self.after[before] = after
        else:
            self.newest = after
        if after >= 0:
            self.before[after] = before
        else:
            self.oldest = before

    def link(self, slot: int) -> None:
        self.before[slot], self.after[slot] = -1, self.newest
        if self.newest >= 0:
            self.before[self.newest] = slot
        else:
            self.oldest = slot
        self.newest = slot

    def get(self, key: int) -> str | None:
        slot = self.slot(key)
        if slot is None:
            self.misses += 1
            return None
        self.hits += 1
        self.unlink(slot)
        self.link(slot)
        return self.values[slot]

    def put(self, key: int, value: str) -> None:
        slot = self.slot(key)
        if slot is not None:
            self.unlink(slot)
        elif self.count < len(self.keys):
            slot = self.count
            self.count += 1
        else:
            slot = self.oldest
            self.unlink(slot)
        self.keys[slot], self.values[slot] = key, value
        self.link(slot)

    def __str__(self) -> str:
        parts: list[str] = []
        slot = self.newest
        while slot >= 0:
            parts.append(f"{self.keys[slot]}={self.values[slot]}")
            slot = self.after[slot]
        return "{" + ", ".join(parts) + "}"


def use(cache: LruCache, keys: list[int]) -> None:
    for key in keys:
        if (found := cache.get(key)) is None:
            cache.put(key, str(key * key))
        print(key, found or "-", cache, len(cache), 3 in cache)


cache = LruCache(3)
use(cache, [1, 2, 3, 1, 4, 2, 1, 1, 5, 3])
print(f"{cache.hits} hits, {cache.misses} misses, {cache.hits / (cache.hits + cache.misses):.1%}")
try:
    LruCache(0)
except ValueError as error:
    print(error)
