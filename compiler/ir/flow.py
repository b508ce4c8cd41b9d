"""The shape of a function: order of blocks, predecessors, dominators. Questions only; nothing is changed.

All answers are deterministic: they follow the order of blocks and of successors.
"""

from __future__ import annotations

from compiler.ir.operands import successors
from compiler.ir.ops import Block


def block_successors(block: Block) -> tuple[Block, ...]:
    """Explicit edges of the block's terminator, without repetitions."""
    found = successors(block.operations[-1])
    return found if len(found) < 2 else tuple(dict.fromkeys(found))


def reachable(blocks: list[Block]) -> list[Block]:
    """The blocks reached from the first one in reverse postorder: each before its successors, loops apart. A handler
    counts as a successor of the blocks it protects."""
    if not blocks:
        return []
    order: list[Block] = []
    seen = {blocks[0]}
    stack = [(blocks[0], iter(_all_successors(blocks[0])))]
    while stack:
        block, following = stack[-1]
        for successor in following:
            if successor not in seen:
                seen.add(successor)
                stack.append((successor, iter(_all_successors(successor))))
                break
        else:
            order.append(block)
            stack.pop()
    order.reverse()
    return order


def _all_successors(block: Block) -> tuple[Block, ...]:
    found = successors(block.operations[-1])
    return (*found, block.handler.block) if block.handler is not None else found


def predecessors(blocks: list[Block]) -> dict[Block, list[Block]]:
    """For every block the blocks with an edge to it (handlers included), each once, in block order."""
    found: dict[Block, list[Block]] = {block: [] for block in blocks}
    for block in blocks:
        for successor in dict.fromkeys(_all_successors(block)):
            found[successor].append(block)
    return found


def immediate_dominators(order: list[Block]) -> dict[Block, Block]:
    """Cooper, Harvey, Kennedy: “A Simple, Fast Dominance Algorithm” (2001), over blocks in reverse postorder."""
    number = {block: index for index, block in enumerate(order)}
    before = predecessors(order)
    parent = {order[0]: order[0]}
    changed = True
    while changed:
        changed = False
        for block in order[1:]:
            found: Block | None = None
            for candidate in before[block]:
                if candidate in parent:
                    found = candidate if found is None else _common(candidate, found, parent, number)
            assert found is not None, "a reachable block has a reached predecessor"
            if parent.get(block) is not found:
                parent[block] = found
                changed = True
    return parent


def _common(left: Block, right: Block, parent: dict[Block, Block], number: dict[Block, int]) -> Block:
    while left is not right:
        while number[left] > number[right]:
            left = parent[left]
        while number[right] > number[left]:
            right = parent[right]
    return left
