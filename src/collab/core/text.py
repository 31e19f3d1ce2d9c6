"""Mark sentences for translation; English source strings are the message ids."""

from translationstring import TranslationString, TranslationStringFactory

_ = TranslationStringFactory("collab")

#: A sentence to be shown: marked for translation, or plain when it is somebody's own words.
Sentence = TranslationString | str

__all__ = ["Sentence", "TranslationString", "_"]
