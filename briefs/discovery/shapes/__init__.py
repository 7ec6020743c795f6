"""Sites whose feeds are known by their addresses; one small module each."""

from briefs.discovery.shapes.arxiv import ARXIV
from briefs.discovery.shapes.bluesky import BLUESKY
from briefs.discovery.shapes.ghost import GHOST
from briefs.discovery.shapes.github import GITHUB
from briefs.discovery.shapes.gitlab import GITLAB
from briefs.discovery.shapes.hackernews import HACKER_NEWS
from briefs.discovery.shapes.mastodon import MASTODON
from briefs.discovery.shapes.medium import MEDIUM
from briefs.discovery.shapes.podcasts import PODCASTS
from briefs.discovery.shapes.port import Shape
from briefs.discovery.shapes.reddit import REDDIT
from briefs.discovery.shapes.searches import BING_NEWS, GOOGLE_NEWS
from briefs.discovery.shapes.substack import SUBSTACK
from briefs.discovery.shapes.telegram import TELEGRAM
from briefs.discovery.shapes.wordpress import WORDPRESS
from briefs.discovery.shapes.youtube import YOUTUBE

__all__ = ["SHAPES", "Shape"]

# The first that takes an address; Mastodon is on any host.
SHAPES: tuple[Shape, ...] = (
    YOUTUBE,
    REDDIT,
    GITHUB,
    GITLAB,
    BLUESKY,
    MEDIUM,
    SUBSTACK,
    WORDPRESS,
    GHOST,
    HACKER_NEWS,
    ARXIV,
    PODCASTS,
    GOOGLE_NEWS,
    BING_NEWS,
    TELEGRAM,
    MASTODON,
)
