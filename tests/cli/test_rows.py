"""Rows of numbers in a file become samples: nnsim new and train, each a program of its own."""

import pytest

import nnsim

ROWS = "a,b,out\n0,0,0\n0,1,1\n1,0,1\n1,1,1\n"


@pytest.fixture
def write(tmp_path):
    def write(name, text):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return name

    return write


def test_new_takes_samples_and_validation_samples(program, write, tmp_path):
    write("rows.csv", ROWS)
    write("held.csv", "0.5;0,25;1\n")
    words = "new --layers 2-2-1 --samples rows.csv --validation held.csv -o a.nnsim"
    done = program(*words.split())
    document = nnsim.open(tmp_path / "a.nnsim")

    assert (done.code, done.err) == (0, "")
    assert "4 samples" in done.out
    assert document.samples.inputs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert document.samples.expected.tolist() == [[0], [1], [1], [1]]
    assert document.validation == nnsim.Samples([[0.5, 0.25]], [[1]])


def test_train_takes_other_samples_and_begins_an_epoch_with_them(program, write, tmp_path):
    write("rows.csv", ROWS)
    write("two.csv", "0 0 0\n1 1 1\n")
    write("held.csv", "1\t0\t1\n")
    program("new", "--layers", "2-1", "--samples", "rows.csv", "-o", "a.nnsim")
    program("train", "a.nnsim", "--steps", "3", "-o", "a.nnsim")
    words = "train a.nnsim --samples two.csv --validation held.csv --epochs 1 -o b.nnsim"
    done = program(*words.split())
    document = nnsim.open(tmp_path / "b.nnsim")

    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("2 steps, now at step 5; mean loss over 2 samples ")
    assert "On 1 validation sample: mean loss" in done.out
    assert document.samples == nnsim.Samples([[0, 0], [1, 1]], [[0], [1]])
    assert document.validation == nnsim.Samples([[1, 0]], [[1]])
    assert (document.position.step, document.position.place) == (5, 0)


BAD = [
    ("0,0,0\n0,x,1\n", "rows.csv: Line 2, column 2: “x” is not a number."),
    ("0,0,0\n0,1\n", "rows.csv: Line 2 has 2 numbers; a sample needs 3: its inputs, then what"),
    ("0,0,0\n1e999,0,1\n", "rows.csv: Line 2, column 1: “1e999” is too large."),
    ("", "rows.csv: there is no row of numbers in it."),
    ("0,0,0\n\0\n", "rows.csv: it is not a text: line 2 holds a zero byte."),
    (None, "rows.csv: it cannot be read: there is no such file or folder."),
]


@pytest.mark.parametrize("option", ["--samples", "--validation"])
@pytest.mark.parametrize(("text", "said"), BAD)
def test_bad_rows_are_one_sentence_with_file_line_and_column(
    program, write, tmp_path, text, said, option
):
    if text is not None:
        write("rows.csv", text)
    done = program("new", "--layers", "2-1", option, "rows.csv", "-o", "a.nnsim")

    assert (done.code, done.out) == (2, "")
    assert done.sentence.startswith(said)
    assert not (tmp_path / "a.nnsim").exists()


def test_rows_that_do_not_suit_the_loss_are_named(program, write):
    write("rows.csv", "0,0,1\n0,1,0\n")
    done = program(
        *["new", "--layers", "2-1", "--loss", "hinge", "--samples", "rows.csv", "-o", "a.nnsim"]
    )

    assert done.code == 2
    assert "rows.csv: The loss hinge needs expected outputs 1 or −1" in done.sentence
    assert "sample 2" in done.sentence


@pytest.mark.parametrize("command", ["train", "trace", "check"])
def test_rows_in_the_place_of_a_project_are_told_how_to_become_one(program, write, command):
    write("rows.csv", ROWS)
    done = program(command, "rows.csv")

    assert (done.code, done.out) == (2, "")
    assert done.sentence == (
        "rows.csv: this is no nnsim project; “nnsim new --layers 2-2-1 --samples rows.csv "
        "-o mine.nnsim” makes one of rows of numbers."
    )


def test_a_misspelt_key_of_a_project_is_told_the_nearest(program, write, tmp_path):
    program("new", "--layers", "2-1", "-o", "a.nnsim")
    text = (tmp_path / "a.nnsim").read_text(encoding="utf-8")
    write("b.nnsim", text.replace('"learning_rate"', '"learningrate"'))
    write("c.nnsim", text.replace('"inputs": 2', '"imputs": 2'))

    assert program("check", "b.nnsim").sentence == (
        "b.nnsim: settings: the key “learningrate” is unknown; the nearest is “learning_rate”."
    )
    assert "the nearest is “inputs”." in program("check", "c.nnsim").sentence
