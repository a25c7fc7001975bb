"""Training with torch and peft, for the commands that make the shipped models; nothing at run time needs it."""
