"""Accounts, transfers that fail in every way, and a journal that survives them."""

from __future__ import annotations


class BankError(Exception):
    pass


class InsufficientFunds(BankError):
    def __init__(self, wanted: int, available: int) -> None:
        super().__init__(f"{money(wanted)} wanted, {money(available)} there")
        self.missing: int = wanted - available


class UnknownAccount(BankError):
    pass


def money(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02}"


class Account:
    def __init__(self, owner: str, balance: int = 0) -> None:
        self.owner = owner
        self._balance = balance

    @property
    def balance(self) -> int:
        return self._balance

    def limit(self) -> int:
        return 0

    def deposit(self, amount: int) -> None:
        if amount <= 0:
            raise ValueError(f"cannot deposit {money(amount)}")
        self._balance += amount

    def withdraw(self, amount: int) -> None:
        if amount > self._balance + self.limit():
            raise InsufficientFunds(amount, self._balance + self.limit())
        self._balance -= amount


class Overdraft(Account):
    def limit(self) -> int:
        return 500_00


class Savings(Account):
    def withdraw(self, amount: int) -> None:
        if amount % 100_00:
            raise BankError("whole hundreds only")
        super().withdraw(amount)


class Transaction:
    """Undoes what happened in its block when the block fails."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.saved: list[int] = []

    def __enter__(self) -> Transaction:
        self.saved = [account.balance for account in self.bank.accounts]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None:
            self.bank.journal.append("committed")
            return
        self.bank.journal.append(f"rolled back: {error}")
        for account, balance in zip(self.bank.accounts, self.saved):
            account._balance = balance


class Bank:
    def __init__(self, accounts: list[Account]) -> None:
        self.accounts = accounts
        self.journal: list[str] = []

    def find(self, owner: str) -> Account:
        for account in self.accounts:
            if account.owner == owner:
                return account
        raise UnknownAccount(owner)

    def transfer(self, source: str, target: str, amount: int) -> None:
        with Transaction(self):
            giver = self.find(source)
            giver.withdraw(amount)
            self.find(target).deposit(amount)

    def total(self) -> int:
        return sum([account.balance for account in self.accounts])


bank = Bank([Account("ada", 1_234_56), Overdraft("bob"), Savings("eve", 1_000_000_00)])
before = bank.total()
for source, target, amount in [
    ("ada", "bob", 34_56),
    ("bob", "ada", 500_00),
    ("bob", "ada", 100_00),
    ("eve", "bob", 1_50),
    ("eve", "nobody", 100_00),
    ("ada", "eve", 0),
    ("zoe", "ada", 1),
]:
    try:
        bank.transfer(source, target, amount)
    except InsufficientFunds as error:
        print(f"{source} lacks {money(error.missing)}: {error}")
    except UnknownAccount as error:
        print("who is", error)
    except (BankError, ValueError) as error:
        print(repr(error))
    else:
        print(f"{source} gave {target} {money(amount)}")
    finally:
        assert bank.total() == before
for account in bank.accounts:
    print(f"{account.owner:<5}{money(account.balance):>16}{account.limit():8}")
print("\n".join(bank.journal))
