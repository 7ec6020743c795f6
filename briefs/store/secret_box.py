"""Secrets at rest: sealed before they reach the database, opened when they are needed. The only home of cryptography.

The key stands in the environment and nowhere else: who has a copy of the database has no token. Several keys in a row
are a change of keys under way: the first one seals, each of them opens.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from briefs.errors import ConfigError

KEY_VARIABLE = "BRIEFBOT_KEY"


class WrongKey(Exception):
    """None of the keys opens what was sealed."""


class SecretBox:
    """Seals and opens.

    keys: one or more, with commas between them, each of 32 bytes in base 64. Raises ConfigError, which never shows one.
    """

    def __init__(self, keys: str) -> None:
        written = [key.strip() for key in keys.split(",") if key.strip()]
        if not written:
            raise ConfigError(
                "{variable} is not set: tokens are kept encrypted under it. Make a key with: openssl rand -base64 32",
                variable=KEY_VARIABLE,
            )
        made = [_fernet(key, number) for number, key in enumerate(written, 1)]
        self._first, self._any = made[0], MultiFernet(made)

    def seal(self, secret: str) -> str:
        """Return a secret as it may be kept."""
        return self._first.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """Give back what was sealed. Raises WrongKey."""
        try:
            return self._any.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise WrongKey from None

    def is_current(self, sealed: str) -> bool:
        """Return whether the first key opens it: then the others are not needed for it."""
        try:
            self._first.decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True


def _fernet(key: str, number: int) -> Fernet:
    try:
        return Fernet(key.replace("+", "-").replace("/", "_"))
    except ValueError:
        raise ConfigError(
            "{variable}: key {number} is not 32 bytes in base 64. Make one with: openssl rand -base64 32",
            variable=KEY_VARIABLE,
            number=number,
        ) from None
