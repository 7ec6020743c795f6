"""The commands: one definition each, from which text grammar, typed options and all help are made."""

from bot.commands.definitions import COMMANDS
from bot.commands.dispatcher import Dispatcher
from bot.commands.model import Asked, Command, Dropped, Finder, Place
from bot.grammar import Param
