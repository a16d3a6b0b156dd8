"""Reading posts, joining sellers: pure functions of frames and an explicit ``as_of``."""
