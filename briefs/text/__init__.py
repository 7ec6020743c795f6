"""Text as readers see it: its language, its sentences, its terms. Pure functions over what `languages` holds."""
