"""Who did something, as audit writes it down: as text, without a foreign key. The words themselves stand one floor below."""

from calcinosis_app.core.actors import Actor, System

__all__ = ["Actor", "System"]
