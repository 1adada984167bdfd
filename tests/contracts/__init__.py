"""What every adapter has to do: test classes to inherit."""
