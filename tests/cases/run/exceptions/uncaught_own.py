"""An uncaught exception of one's own."""


class ConfigError(Exception):
    pass


def load(name: str) -> None:
    raise ConfigError("no " + name)


load("settings")
