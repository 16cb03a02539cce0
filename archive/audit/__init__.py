"""Many bags over years: a catalogue of copies, their audit, their repair."""
