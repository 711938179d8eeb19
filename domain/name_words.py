"""Words that Vietnamese names are commonly made of: what a reader most likely saw.

Recalled general knowledge (R), not a register: it weighs readings and never refuses a name.
"""

from domain.text import comparison_key

_SURNAMES = """
nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý trương đoàn đinh trịnh cao
đào mai lương lưu lâm hà thái phùng tạ tô chu châu quách tăng từ thạch kiều la triệu vương nghiêm
nông hứa doãn tống khổng lục vi bế giàng vàng sùng thào hờ lò cầm quàng tòng bạc hoắc mạc ông ninh
giáp phó thân tiêu trang âu đàm đồng thiều
"""
_MIDDLES = """
văn thị hữu đức công quang quốc minh thanh ngọc xuân thu hồng kim thúy bích tuyết như mỹ bảo gia
anh đình trọng duy viết bá thế huy khắc thành chí tấn trung tuấn nhật hoài phương thùy diệu cẩm
ánh hải hoàng việt phúc tiến mạnh vĩnh
"""
_GIVENS = """
an anh ánh ân bách bằng bảo bắc bích bình ca cảnh cần chi chiến chính chương chung cúc cương cường
dân diễm diệp diệu dung dũng duy duyên dương đại đan đào đạo đạt đăng điệp định đình đoan đô đông
đồng đức gấm giang giao hà hạ hải hân hằng hạnh hảo hậu hiền hiệp hiếu hiển hoa hoan hòa hóa hoài hoàn
hoàng hồng huấn huân huệ huế hùng hưng huy huyền hương hường hữu kha khang khánh khải khiêm khoa
khôi khuê khuyên kiên kiệt kiều kim kỳ lam lan lành lâm lân lập lê lệ liên liễu linh loan lộc lợi
long luân luận lương lưu ly lý mai mạnh mận mẫn miên minh mùi mơ muội mỹ my nam nga ngà ngân nghĩa
ngoan ngọc nguyên nguyệt nhã nhài nhàn nhân nhật nhi nhiên nhung như nhựt ninh nở nương oanh phát
phi phong phú phúc phụng phước phương phượng quân quang quế quốc quý quyên quyền quyết quỳnh sang
sáng sâm sen sinh soạn sơn sương tài tâm tân tấn thạch thái thảo thành thanh thăng thắng thắm thế
thi thiên thiện thiệu thìn thịnh thoa thơ thời thông thơm thu thuận thục thủy thúy thùy thương thư
thức tiên tiến tín tình tỉnh tính toàn toán toản tố trâm trân trang trà trí triết triều trinh
trọng trung trúc trường tú tuân tuấn tuệ tùng tuyên tuyền tuyết tươi tường tý uyên út vân văn vi
việt vinh vĩnh vũ vương vượng vy xuân xuyến yên yến ý
"""
_WORDS = frozenset(
    comparison_key(word) for word in (_SURNAMES + _MIDDLES + _GIVENS).split()
)  # fmt: skip


def is_name_word(word: str) -> bool:
    """Whether ``word`` is one that many Vietnamese names hold, tones included."""
    return comparison_key(word) in _WORDS
