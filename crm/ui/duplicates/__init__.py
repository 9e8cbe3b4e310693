"""Who may be there twice: found, compared, told apart or made one."""
