"""Whether Latin letters spell Chinese: what people call themselves in ids (linyi_zhanzhang), and products hardly ever are.

In: lower-case letters. Out: whether they are syllables of Hanyu Pinyin from end to end. Invariants: pure; linear in the
length of the letters. Source of the syllables: GB/T 16159 and the syllable table of 新华字典, without tones, ü as v.
"""

from __future__ import annotations

from typing import Final

#: Initials with the finals that they take.
_TABLE: Final = """
- a ai an ang ao e en eng er o ou
b a ai an ang ao ei en eng i ian iao ie in ing o u
p a ai an ang ao ei en eng i ian iao ie in ing o ou u
m a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u
f a an ang ei en eng o ou u
d a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo
t a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo
n a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo v ve
l a ai an ang ao e ei eng i ia ian iang iao ie in ing iu ong ou u uan un uo v ve
g a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo
k a ai an ang ao e en eng ong ou u ua uai uan uang ui un uo
h a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo
j i ia ian iang iao ie in ing iong iu u uan ue un
q i ia ian iang iao ie in ing iong iu u uan ue un
x i ia ian iang iao ie in ing iong iu u uan ue un
zh a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo
ch a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo
sh a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo
r an ang ao e en eng i ong ou u ua uan ui un uo
z a ai an ang ao e ei en eng i ong ou u uan ui un uo
c a ai an ang ao e en eng i ong ou u uan ui un uo
s a ai an ang ao e en eng i ong ou u uan ui un uo
y a an ang ao e i in ing o ong ou u uan ue un
w a ai an ang ei en eng o u
"""
_SYLLABLES: Final = frozenset(
    initial.strip("-") + final
    for initial, *finals in map(str.split, _TABLE.strip().splitlines())
    for final in finals
)
_LONGEST: Final = max(map(len, _SYLLABLES))


def is_pinyin(letters: str) -> bool:
    """Whether letters are nothing but syllables; no letters are not."""
    ends = {0}
    for start in range(len(letters)):
        if start in ends:
            ends |= {
                end
                for end in range(start + 1, min(start + _LONGEST, len(letters)) + 1)
                if letters[start:end] in _SYLLABLES
            }
    return bool(letters) and len(letters) in ends
