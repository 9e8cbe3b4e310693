"""The distinct words of all names as the store keeps them: what a query that found nobody is held against."""

from __future__ import annotations

from sqlalchemy.orm import Session

from crm import text


class NameWords(text.Lexicon):
    """The words of names, kept between searches and read again when their number has changed."""

    def __init__(self) -> None:
        super().__init__()
        self._count = -1

    def follow(self, session: Session) -> None:
        """Bring the words in step with the store."""
        connection = session.connection()
        count = connection.exec_driver_sql("SELECT count(*) FROM name_word").scalar_one()
        if count != self._count:
            self._count = count
            stored = connection.exec_driver_sql("SELECT group_concat(word, ' ') FROM name_word").scalar()
            # A double surname is stored whole; the index knows its halves.
            self.learn(text.words(stored or ""))
