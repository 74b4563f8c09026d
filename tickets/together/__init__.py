"""Working on the same tickets without treading on one another: who is here, who answers, who is to be told."""
