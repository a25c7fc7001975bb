"""What every other app builds on: ids, clock, errors, base models, outbox, audit log, embedded servers."""
