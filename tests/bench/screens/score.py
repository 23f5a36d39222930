"""Scores what a reader found on pages against what the browser drew."""


def centre(box):
    return box[0] + box[2] / 2, box[1] + box[3] / 2


def holds(box, point, margin=0):
    x, y = point
    return box[0] - margin <= x <= box[0] + box[2] + margin and box[1] - margin <= y <= box[1] + box[3] + margin


def overlap(a, b):
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (a[2] * a[3] + b[2] * b[3] - width * height)


def distance(a, b):
    """Levenshtein's."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def plain(text):
    """Spellings that no reader can tell apart by their pixels are one."""
    return text.replace("…", "...").replace("’", "'").replace("–", "-")


def score_words(truth, found):
    """A word is right if its text is, and the centres of both boxes lie in the other box."""
    ignored = truth["unsure"]
    counted = [it for it in found if not any(holds(box, centre(it["box"]), 2) for box in ignored) or any(holds(w["box"], centre(it["box"])) for w in truth["words"])]
    taken, right, wrong, characters, errors = set(), 0, [], 0, 0
    for word in truth["words"]:
        near = [(i, it) for i, it in enumerate(counted) if holds(word["box"], centre(it["box"]), 1) or holds(it["box"], centre(word["box"]), 1)]
        text = plain(word["text"])
        exact = [i for i, it in near if i not in taken and plain(it["text"]) == text and holds(word["box"], centre(it["box"]), 1) and holds(it["box"], centre(word["box"]), 1)]
        characters += len(text)
        if exact:
            taken.add(exact[0])
            right += 1
        else:
            said = plain("".join(it["text"] for _, it in sorted(near, key=lambda it: it[1]["box"][0])))
            errors += min(distance(text, said), len(text))
            wrong.append((text, said, word["box"]))
    extra = [it for i, it in enumerate(counted) if i not in taken]
    return {"words": len(truth["words"]), "found": len(counted), "right": right, "characters": characters, "errors": errors, "wrong": wrong, "extra": extra}


def score_elements(truth, found):
    """By kind: how many there are, were found, and were right (overlap of at least a half)."""
    ignored = truth["unsure"]
    table = {}
    pairs = sorted(((overlap(t["box"], f["box"]), i, j) for i, t in enumerate(truth["elements"]) for j, f in enumerate(found)), reverse=True)
    for same_kind in (True, False):
        taken_truth, taken_found = {}, set()
        for share, i, j in pairs:
            if share < 0.5:
                break
            if i in taken_truth or j in taken_found:
                continue
            if same_kind and truth["elements"][i]["kind"] != found[j]["kind"]:
                continue
            taken_truth[i] = j
            taken_found.add(j)
        def is_counted(j):
            # What is half hidden may be told or not.
            return j in taken_found or not any(overlap(box, found[j]["box"]) > 0.3 or holds(box, centre(found[j]["box"])) and box[2] * box[3] < 40000 for box in ignored)
        kinds = {it["kind"] for it in truth["elements"]} | {it["kind"] for it in found} if same_kind else {"any"}
        for kind in kinds:
            is_kind = lambda it: kind == "any" or it["kind"] == kind
            row = table.setdefault(kind, {"there": 0, "found": 0, "right": 0})
            row["there"] += sum(is_kind(it) for it in truth["elements"])
            row["found"] += sum(is_kind(it) and is_counted(j) for j, it in enumerate(found))
            row["right"] += sum(is_kind(truth["elements"][i]) for i in taken_truth)
        if same_kind:
            states = table.setdefault("states", {"there": 0, "found": 0, "right": 0, "wrong": []})
            for i, j in taken_truth.items():
                for name in ("checked", "enabled"):
                    expected = truth["elements"][i].get(name)
                    if expected is not None:
                        states["there"] += 1
                        states["found"] += 1
                        states["right"] += expected == found[j].get(name)
                        if expected != found[j].get(name):
                            states["wrong"].append((truth["elements"][i]["kind"], name, expected, truth["elements"][i]["box"]))
    return table


def f1(right, there, found):
    return 2 * right / (there + found) if there + found else 1.0
