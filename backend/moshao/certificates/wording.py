"""What the page says, Chinese and English: the steps, by kind of phone."""

import msgspec


class Kind(msgspec.Struct, frozen=True):
    """One kind of phone: `file` is what its button brings."""

    name: str
    button: str
    file: str
    steps: list[str]
    note: str = ""


class Words(msgspec.Struct, frozen=True):
    lang: str
    title: str
    why: str
    fingerprint: str
    check: str
    then: str
    open: str
    scan: str
    kinds: list[Kind]
    other: str


ZH = Words(
    lang="zh-CN",
    title="让手机信任本单位的服务器",
    why="本系统用的是单位自己的证书。装一次，手机才肯给它用相机、定位和响铃。证书只对下面这个地址有效，管不到别的网站。",
    fingerprint="证书指纹 (SHA-256)",
    check="安装时手机显示的指纹应与管理员公布的一致；不一致就不要装，告诉管理员。",
    then="装好以后",
    open="打开末梢",
    scan="在别的手机上：扫码打开本页",
    other="English",
    kinds=[
        Kind(
            "安卓手机 (华为、荣耀、小米、OPPO、vivo 等)", "下载证书", "authority.crt",
            [
                "点上面的「下载证书」，存到手机里。",
                "打开手机「设置」，在最上面的搜索框里搜「CA 证书」或「证书」。",
                "选「安装证书」→「CA 证书」；提示有风险时选「仍然安装」，输锁屏密码。",
                "选刚才下载的 authority.crt。",
            ],
            "没有锁屏密码的手机要先设一个。微信里打开没有用：请用手机自带的浏览器或 Chrome。",
        ),
        Kind(
            "苹果手机 (iPhone、iPad)", "下载描述文件", "authority.mobileconfig",
            [
                "用 Safari 打开本页，点「下载描述文件」，选「允许」。",
                "「设置」最上面点「已下载描述文件」→「安装」，输锁屏密码。",
                "「设置」→「通用」→「关于本机」→ 最下面「证书信任设置」，打开这张证书的开关。",
            ],
            "第三步常被漏掉：没有它，网页仍然打不开。",
        ),
        Kind(
            "电脑 (Windows)", "下载证书", "authority.crt",
            [
                "双击下载的 authority.crt，点「安装证书」。",
                "选「本地计算机」→「将所有的证书都放入下列存储」→「受信任的根证书颁发机构」。",
                "关掉浏览器再打开。",
            ],
        ),
    ],
)  # fmt: skip

EN = Words(
    lang="en",
    title="Let this phone trust your server",
    why="Your office uses a certificate of its own. Installed once, it lets the phone use camera, place and bell here. "
    "It is good for the address below and for no other site.",
    fingerprint="Fingerprint of the certificate (SHA-256)",
    check="The phone shows a fingerprint while installing. It must be the one your administrator made known; if not, "
    "stop and tell him.",
    then="When it is installed",
    open="Open Moshao",
    scan="On another phone: scan to open this page",
    other="中文",
    kinds=[
        Kind(
            "Android", "Download certificate", "authority.crt",
            [
                "Tap “Download certificate” above and keep the file.",
                "Open the phone's Settings and search for “CA certificate”.",
                "Choose “Install a certificate” → “CA certificate” → “Install anyway”, and unlock.",
                "Choose the file authority.crt.",
            ],
            "A phone without a screen lock asks for one first. Inside WeChat it has no effect: use Chrome or the "
            "phone's own browser.",
        ),
        Kind(
            "iPhone, iPad", "Download profile", "authority.mobileconfig",
            [
                "Open this page in Safari, tap “Download profile”, then “Allow”.",
                "Settings: “Profile Downloaded” at the top → “Install”.",
                "Settings → General → About → Certificate Trust Settings at the bottom: switch this certificate on.",
            ],
            "The third step is often forgotten: without it the site still does not open.",
        ),
        Kind(
            "Windows", "Download certificate", "authority.crt",
            [
                "Double-click authority.crt, then “Install Certificate”.",
                "“Local Machine” → “Place all certificates in the following store” → “Trusted Root Certification "
                "Authorities”.",
                "Close the browser and open it again.",
            ],
        ),
    ],
)  # fmt: skip
