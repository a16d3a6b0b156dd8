"""Who may score: the gate between rules and learner, the contest, the champion."""
