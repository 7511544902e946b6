"""卷宗: all that is held of a case as one file, which a stranger can check with nothing else."""
