"""What was found once."""

from __future__ import annotations

from experiments.abtest.memo import Memo


def test_a_question_is_asked_once_by_its_kind_and_arguments_until_what_it_hangs_on_is_another():
    memo, asked = Memo(), []

    def ask(kind, *key, under=None):
        def find():
            asked.append((kind, *key))
            return len(asked)

        return memo.once(find, kind, *key, under=under)

    first, second = [0], [0]  # equal, and not the same
    assert [ask("sum", 1), ask("sum", 1), ask("sum", 2), ask("row", 1)] == [1, 1, 2, 3]
    assert [ask("sum", 1, under=first), ask("sum", 1, under=first), ask("sum", 1, under=second), ask("sum", 1, under=first)] == [4, 4, 5, 6]


def test_nothing_is_an_answer_too():
    memo, asked = Memo(), []
    assert memo.once(lambda: asked.append(1), "none") is None
    assert memo.once(lambda: asked.append(2), "none") is None
    assert asked == [1]
