"""Property tests here compute much per example; how long that takes is no property of the code."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
