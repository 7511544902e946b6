# shellcheck shell=bash
# What the other programs in bin/ need before they start: an environment in .venv, Node, the built
# phone app. Each function does nothing when its work is done already, and says what it installs.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
root=$PWD
venv=$root/.venv
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# The first Python of at least 3.11, or the one that PYTHON names.
find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    fail "no Python of at least 3.11 was found (name one with PYTHON=/path/to/python3)"
}

make_venv() {
    local python
    # A checkout that was moved leaves an environment whose programs name the old place.
    if [[ -x $venv/bin/python ]] && head -n 2 "$venv/bin/pip" 2>/dev/null | grep -qF "$venv/"; then
        return
    fi
    python=$(find_python)
    say "making an environment in .venv with $("$python" --version)"
    rm -rf "$venv"
    "$python" -m venv "$venv" || fail "python's venv module did not work (on Debian: apt install python3-venv)"
}

# True when FILE is as it was when `remember FILE` was called.
unchanged() { [[ -f $venv/installed/${1//\//-} && $(sha256sum <"$1") == "$(<"$venv/installed/${1//\//-}")" ]]; }

remember() {
    mkdir -p "$venv/installed"
    sha256sum <"$1" >"$venv/installed/${1//\//-}"
}

install_locked() {
    unchanged "$1" && return
    say "installing the $(grep -c '^[a-z].*==' "$1") packages of $1 into .venv"
    "$venv/bin/python" -m pip install -qq --require-hashes --only-binary :all: --no-binary http-ece -r "$1"
    remember "$1"
}

# `python_env` brings what the program needs to run, `python_env test` also what its checks need.
python_env() {
    make_venv
    if [[ ${1:-} == test ]]; then
        install_locked requirements-test.txt
    else
        install_locked requirements.txt
    fi
    if [[ ! -x $venv/bin/moshao ]] || ! unchanged pyproject.toml; then
        install_locked requirements-build.txt
        say "installing this checkout into .venv, so that .venv/bin/moshao runs it"
        "$venv/bin/python" -m pip install -qq --no-deps --no-build-isolation --editable .
        remember pyproject.toml
    fi
    export PATH=$venv/bin:$PATH
}

node_env() {
    if node -e 'const [a, b] = process.versions.node.split(".").map(Number)
                process.exit((a == 20 && b >= 19) || (a == 22 && b >= 12) || a > 22 ? 0 : 1)' 2>/dev/null &&
        command -v npm >/dev/null; then
        return
    fi
    install_locked requirements-node.txt
    hash -r
    say "building with Node $(node --version) from the environment"
}

# One line that changes whenever anything the phone app is built from does.
phone_app_digest() {
    find pwa -type d \( -name node_modules -o -path pwa/dist \) -prune -o -type f -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
}

node_modules() {
    if [[ -d pwa/node_modules ]] && unchanged pwa/package-lock.json; then return; fi
    say "installing the phone app's $(grep -c '"node_modules/' pwa/package-lock.json) packages (npm ci)"
    (cd pwa && npm ci --no-audit --no-fund --loglevel=error)
    remember pwa/package-lock.json
}

phone_app() {
    local digest
    digest=$(phone_app_digest)
    if [[ -f pwa/dist/index.html && -f $venv/installed/phone-app && $(<"$venv/installed/phone-app") == "$digest" ]]; then
        return
    fi
    node_env
    node_modules
    say "building the phone app (npm run build)"
    (cd pwa && npm run --silent build)
    phone_app_digest >"$venv/installed/phone-app"
}

# What the browser tests drive, by program and Debian package. Installed where we are root, else named.
system_packages() {
    local pair missing=()
    for pair in chromium:chromium chromedriver:chromium-driver firefox-esr:firefox-esr \
        WebKitWebDriver:webkit2gtk-driver Xvfb:xvfb dbus-daemon:dbus; do
        command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
    done
    [[ -n $(fc-list :lang=zh 2>/dev/null) ]] || missing+=(fonts-noto-cjk)
    if ((${#missing[@]} == 0)); then return; fi
    if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
        fail "the browser tests need Debian's packages ${missing[*]}: install them as root (apt-get install ...)"
    fi
    say "installing Debian's packages ${missing[*]} (apt-get)"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
