"""No fixtures live here. That this file exists puts tests/ on the path, so that every test can import `builders` and `walking`."""

from hypothesis import settings

# The same examples on every run, and no limit on time: the first example may wait for the kernel to be compiled.
settings.register_profile("corredor", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("corredor")
