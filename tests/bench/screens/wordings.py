"""What machines say in each state, in the words of real firmware and systems.

A screen is `lines` in a text mode, or a `page` for a browser. {n}, {nn}, {x}, {y} and {host} are drawn by lot.
"""

BLUE = {"paper": (0, 0, 170), "ink": (255, 255, 255)}


def text(*lines, **colours):
    return {"lines": lines, **colours}


def page(colour, ink, *parts):
    return {"page": f'<div style="position:absolute;inset:0;background:{colour};color:{ink}"></div>' + "".join(parts)}


def at(left, top, size, said, ink="#fff", more=""):
    return f'<div style="position:absolute;left:{left}vw;top:{top}vh;font-size:{size}px;color:{ink};{more}">{said}</div>'


def centred(top, size, said, ink="#fff"):
    return f'<div style="position:absolute;left:0;right:0;top:{top}vh;text-align:center;font-size:{size}px;color:{ink}">{said}</div>'


def field(top, said=""):
    return f'<div style="position:absolute;left:50vw;margin-left:-130px;top:{top}vh;width:256px;height:28px;line-height:28px;padding-left:6px;background:#fff;border:1px solid #888;color:#777;font-size:14px">{said}</div>'


def window(title, lines, buttons):
    said = "".join(f'<div style="margin:10px 24px;font-size:15px">{it}</div>' for it in lines)
    pressed = "".join(f'<span style="display:inline-block;border:1px solid #777;background:#e1e1e1;padding:5px 22px;margin-left:10px;font-size:14px">{it}</span>' for it in buttons)
    return (
        '<div style="position:absolute;left:14vw;top:12vh;width:72vw;height:72vh;background:#f0f0f0;color:#111;border:1px solid #333">'
        f'<div style="background:#fff;height:30px;line-height:30px;padding-left:10px;font-size:14px;border-bottom:1px solid #999">{title}</div>'
        f'{said}<div style="position:absolute;right:20px;bottom:16px">{pressed}</div></div>'
    )


def frame(title, entries):
    """A menu in a frame, as boot loaders and installers of text modes have them."""
    wide = max(60, *(len(it) + 6 for it in entries))
    rows = [f"│ {it:<{wide - 4}} │" for it in entries]
    return [f"  {title}", "", "┌" + "─" * (wide - 2) + "┐", *rows, "└" + "─" * (wide - 2) + "┘"]


BOOTING = (
    "[    0.000000] Linux version 6.1.0-{nn}-amd64 (debian-kernel@lists.debian.org)", "[    0.000000] Command line: BOOT_IMAGE=/vmlinuz quiet",
    "[    0.004000] x86/fpu: Supporting XSAVE feature 0x001: 'x87 floating point registers'", "[    0.{nn}] ACPI: Core revision 20220331",
    "[    1.{nn}] sd 0:0:0:0: [sda] Attached SCSI disk", "[    1.9{n}] EXT4-fs (sda1): mounted filesystem with ordered data mode.",
)
CLOCK = '<div style="position:absolute;left:{x}vw;top:{y}vh;font-size:64px;color:#9cf">1{n}:{nn}</div>'

SCREENS = {
    "blank": [
        text(), text("", cursor="under the text"), page("#000", "#000"),
        page("#003", "#003"), text(cursor="under the text"), page("#fff", "#fff"),
    ],
    "firmware": [
        text("FATAL: No bootable medium found! System halted."),
        text("iPXE 1.21.1 -- Open Source Network Boot Firmware -- https://ipxe.org", "Features: DNS HTTP iSCSI TFTP AoE ELF MBOOT PXE", "", "net0: 08:00:27:0a:{nn}:{nn} using 82540em on 0000:00:03.0", "Configuring (net0 08:00:27:0a:{nn}:{nn})......"),
        text("Intel UNDI, PXE-2.1 (build 083)", "Copyright (C) 1997-2000  Intel Corporation", "", "CLIENT MAC ADDR: 08 00 27 1A {nn} {nn}", "DHCP....."),
        text("BdsDxe: failed to load Boot0001 \"UEFI VBOX CD-ROM\" from PciRoot(0x0)/Pci(0x1,0x1): Not Found", "BdsDxe: No bootable option or device was found.", "BdsDxe: Press any key to enter the Boot Manager Menu."),
        text("UEFI Interactive Shell v2.2", "EDK II", "UEFI v2.70 (EDK II, 0x00010000)", "Mapping table", "     BLK0: Alias(s):", "          PciRoot(0x0)/Pci(0x1,0x1)/Ata(0x0)", "Press ESC in {n} seconds to skip startup.nsh or any other key to continue.", "Shell> _"),
        text("Aptio Setup Utility - Copyright (C) 2018 American Megatrends, Inc.", " Main  Advanced  Chipset  Boot  Security  Save & Exit", "", " BIOS Information", " BIOS Vendor             American Megatrends", " System Date             [Mon 0{n}/{nn}/2024]", **BLUE),
        text("PhoenixBIOS Setup Utility", "  Main   Advanced   Security   Boot   Exit", "", "  System Time:    [1{n}:{nn}:00]", "  System Date:    [0{n}/12/2019]", "  Legacy Diskette A:  [1.44/1.25 MB  3½\"]", **BLUE),
        text("SeaBIOS (version 1.16.2-debian-1.16.2-1)", "Machine UUID 6{nn}b0d2-1c8e-4b7a", "", "Booting from Hard Disk...", "Boot failed: not a bootable disk", "", "No bootable device."),
        text("Operating System not found", cursor="under the text"),
        page("#2a4b7c", "#fff", at(28, 30, 28, "VirtualBox"), at(28, 60, 18, "Press F12 to select boot device.")),
        text("Oracle VM VirtualBox temporary boot device selection", "", "Detected Hard disks:", "", "  AHCI controller:", "    1) Hard disk", "", "Other boot devices:", " f) Floppy", " c) CD-ROM", " l) LAN", "", " b) Continue booting"),
        text("Non-System disk or disk error", "Replace and press any key when ready"),
    ],
    "boot-loader": [
        text(*frame("                 GNU GRUB  version 2.06", ["*Debian GNU/Linux", " Advanced options for Debian GNU/Linux", " UEFI Firmware Settings"]), "", "   Use the ↑ and ↓ keys to select which entry is highlighted.", "   The highlighted entry will be executed automatically in {n}s."),
        text("ISOLINUX 6.04 20200816 ETCD Copyright (C) 1994-2015 H. Peter Anvin et al", "boot: "),
        text("SYSLINUX 4.07 EDD 2013-07-25 Copyright (C) 1994-2013 H. Peter Anvin et al", "", "Loading vmlinuz....................."),
        text(" " * 28 + "Windows Boot Manager", "", "Choose an operating system to start, or press TAB to select a tool:", "(Use the arrow keys to highlight your choice, then press ENTER.)", "", "    Windows 10                                               >", "    Windows Recovery Environment", "", "Seconds until the highlighted choice will be started automatically: {nn}"),
        text("Press any key to boot from CD or DVD....."),
        text("", "", "                  Arch Linux", "                  Arch Linux (fallback initramfs)", "                  EFI Default Loader", "                  Reboot Into Firmware Interface", "", "", "                  Boot in {n} s."),
        text("error: no such device: 6{nn}fe2-9f1c.", "Entering rescue mode...", "grub rescue> "),
        page("#222", "#fff", centred(12, 30, "Debian GNU/Linux 12"), centred(30, 18, "Graphical install"), centred(35, 18, "Install"), centred(40, 18, "Advanced options"), centred(45, 18, "Install with speech synthesis"), centred(85, 16, "Press a key, otherwise speech synthesis will be started in {nn} seconds")),
        text("", "  Welcome to FreeBSD", "", "  1. Boot Multi user [Enter]", "  2. Boot Single user", "  3. Escape to loader prompt", "  4. Reboot", "", "  Autoboot in {n} seconds, hit [Enter] to boot or any other key to stop"),
        text("GNU GRUB  version 2.12", "", "Minimal BASH-like line editing is supported. For the first word, TAB", "lists possible command completions.", "", "grub> "),
        text("Loading Linux 6.1.0-{nn}-amd64 ...", "Loading initial ramdisk ..."),
        text("rEFInd - Main Menu", "", "Boot Windows from EFI system partition", "Boot vmlinuz-6.1.0-{nn} from root"),
    ],
    "text-console": [
        text(*BOOTING, cursor="under the text"),
        text("[  OK  ] Started systemd-logind.service - User Login Management.", "[  OK  ] Reached target multi-user.target - Multi-User System.", "         Starting systemd-update-utmp-runlevel.service - Record Runlevel Change in UTMP..."),
        text("root@{host}:~# ls -l /etc", "total 7{nn}", "drwxr-xr-x 3 root root    4096 Mar 1{n}  2024 alternatives", "-rw-r--r-- 1 root root    2981 Feb  9  2024 adduser.conf", "root@{host}:~# "),
        text("C:\\>dir", " Volume in drive C has no label", " Directory of C:\\", "COMMAND  COM      54645 0{n}-31-94   6:22a", "AUTOEXEC BAT        {nn} 09-30-93   6:20a", "        2 file(s)      54780 bytes", "C:\\>"),
        text("PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND", "  1 root      20   0  167{nn}2  13036   8260 S   0.0   0.6   0:03.{nn} systemd", "{nn} root      20   0       0      0      0 S   0.0   0.0   0:00.00 kthreadd"),
        text("Get:{n} http://deb.debian.org/debian bookworm/main amd64 Packages [8786 kB]", "Fetched 8{nn} kB in 2s (4365 kB/s)", "Reading package lists... Done", "Building dependency tree... Done", "0 upgraded, 0 newly installed, 0 to remove and {n} not upgraded."),
        text("Starting MS-DOS...", "", "HIMEM is testing extended memory...done.", "", "C:\\>"),
        text("{host}# pkg info", "ca_root_nss-3.{nn}    Root certificate bundle from the Mozilla Project", "curl-8.{n}.0    Command line tool for transferring data with URLs", "{host}# "),
        text("BusyBox v1.35.0 (Debian 1:1.35.0-4+b3) built-in shell (ash)", "Enter 'help' for a list of built-in commands.", "", "(initramfs) "),
    ],
    "login": [
        text("Debian GNU/Linux 12 {host} tty1", "", "{host} login: "),
        page("#1b3a57", "#fff", centred(28, 26, "admin"), field(50, "Password"), centred(62, 15, "Sign-in options")),
        page("#3c0f36", "#fff", centred(32, 20, "Not listed?"), field(46), centred(40, 18, "Username")),
        page("#0063b1", "#fff", centred(30, 30, "Anna Schmidt"), field(50, "Kennwort"), centred(62, 15, "Anmeldeoptionen")),
        text("Ubuntu 22.04.{n} LTS {host} tty1", "", "{host} login: admin", "Password: "),
        page("#123", "#fff", centred(30, 24, "Log in to {nn}.example.org"), field(42, "User name"), field(50, "Password")),
        page("#335", "#fff", centred(30, 30, "Utilisateur"), field(50, "Mot de passe"), centred(62, 15, "Options de connexion")),
        text("Welcome to Alpine Linux 3.1{n}", "Kernel 6.1.{nn}-0-virt on an x86_64 (/dev/tty1)", "", "localhost login: "),
        page("#204a87", "#fff", centred(24, 22, "{nn}-desktop"), field(46, "Enter your password"), centred(60, 15, "Session: Xfce")),
    ],
    "installer": [
        page("#3b2a7a", "#fff", window("Windows Setup", ["Language to install: English (United States)", "Time and currency format: English (United States)", "Enter your language and other preferences and click \"Next\" to continue."], ["Next"])),
        page("#3b2a7a", "#fff", window("Windows Setup", ["Which type of installation do you want?", "Upgrade: Install Windows and keep files, settings, and applications", "Custom: Install Windows only (advanced)"], ["Back"])),
        page("#300a24", "#fff", window("Install", ["Welcome", "You may wish to read the release notes.", "Installation type"], ["Quit", "Back", "Continue"])),
        page("#555", "#fff", window("Debian GNU/Linux Installer", ["Select a language", "Choose the language to be used for the installation process.", "English", "French - Français"], ["Screenshot", "Go Back", "Continue"])),
        text(*frame("┤ [!!] Select a language ├", ["Choose the language to be used for the installation process.", "", "C", "English", "French - Français", "", "    <Go Back>"]), "", "<Tab> moves; <Space> selects; <Enter> activates buttons", **BLUE),
        page("#2d2d30", "#fff", window("Installation Summary", ["INSTALLATION SUMMARY", "Keyboard: English (US)", "Installation Destination: Automatic partitioning selected", "Network & Host Name: Connected"], ["Quit", "Begin Installation"])),
        page("#225", "#fff", window("7-Zip Setup", ["Choose Install Location", "Destination folder", "Setup will install 7-Zip in the following folder."], ["&lt; Back", "Next &gt;", "Cancel"])),
        text("Windows Setup", "===================", "", "  Setup is copying files...", "  Please wait while Setup copies files", "  to the Windows installation folders.", "", "    {nn}%", **BLUE),
        page("#0a2a43", "#fff", window("Ubuntu installieren", ["Wie möchten Sie Ubuntu installieren?", "Interaktive Installation", "Automatische Installation"], ["Zurück", "Weiter"])),
    ],
    "crash": [
        page("#0078d7", "#fff", at(10, 12, 110, ":("), at(10, 38, 24, "Your PC ran into a problem and needs to restart. We're just"), at(10, 43, 24, "collecting some error info, and then we'll restart for you."), at(10, 55, 24, "{nn}% complete"), at(18, 70, 14, "Stop code: CRITICAL_PROCESS_DIED")),
        text(*BOOTING, "[    2.4{n}] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)", "[    2.4{n}] CPU: 0 PID: 1 Comm: swapper/0 Not tainted 6.1.0-{nn}-amd64 #1", "[    2.4{n}] Call Trace:", "[    2.4{n}]  <TASK>", "[    2.4{n}]  dump_stack_lvl+0x44/0x5c"),
        page("#000", "#fff", at(10, 12, 110, ":("), at(10, 38, 24, "Auf Ihrem PC ist ein Problem aufgetreten. Er muss neu gestartet werden."), at(10, 55, 24, "{nn}% abgeschlossen")),
        text("A problem has been detected and Windows has been shut down to prevent damage", "to your computer.", "", "IRQL_NOT_LESS_OR_EQUAL", "", "If this is the first time you've seen this Stop error screen,", "restart your computer.", "", "*** STOP: 0x0000000A (0x0000000{n},0x00000002,0x00000000,0x804F{nn}A2)", **BLUE),
        text("[   {nn}.123] ---[ end Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000{n}00 ]---"),
        text("panic: page fault", "cpuid = 0", "time = 17{nn}0000", "KDB: stack backtrace:", "#0 0xffffffff80c69465 at kdb_backtrace+0x65", "Uptime: {nn}s", "db> "),
        page("#0078d7", "#fff", at(10, 12, 110, ":("), at(10, 38, 24, "Votre PC a rencontré un problème et doit redémarrer."), at(10, 55, 24, "{nn}% effectués")),
        text("[   {nn}.55] BUG: unable to handle page fault for address: ffffffffc0{nn}a000", "[   {nn}.55] Oops: 0002 [#1] PREEMPT SMP PTI", "[   {nn}.55] RIP: 0010:memcpy_orig+0x29/0x110", "[   {nn}.55] Kernel panic - not syncing: Fatal exception"),
        page("#000", "#fff", centred(40, 22, "Your computer was restarted because of a problem."), centred(46, 18, "Press a key or wait a few seconds to continue starting up.")),
    ],
    "screen-saver": [
        page("#000", "#fff", CLOCK), page("#000", "#fff", CLOCK, '<div style="position:absolute;left:{x}vw;top:calc({y}vh + 80px);font-size:22px;color:#9cf">Monday, March {nn}</div>'),
        page("#024", "#fff", centred(30, 96, "1{n}:{nn}"), centred(48, 26, "Thursday, October 1{n}")),
        page("#000", "#fff", at(20, 40, 26, "The screen is locked", "#ccc")),
        page("linear-gradient(#023,#356)", "#fff", at(5, 70, 90, "0{n}:{nn}"), at(5, 84, 28, "Dienstag, 1{n}. November")),
        page("#111", "#fff", centred(35, 80, "{n}:{nn} PM"), centred(50, 24, "Press any key to unlock")),
    ],
    "desktop": [
        page("#2a6", "#fff", at(2, 4, 14, "Trash"), at(2, 14, 14, "Home"), at(2, 24, 14, "File System"), window("Terminal", ["admin@box:~$ uname -a", "Linux box 6.1.0-{nn}-amd64"], []), at(0, 96, 14, "Applications")),
        page("#368", "#fff", window("Notepad", ["File   Edit   Format   View   Help", "Kernel panic? Reinstall? Notes of {nn}.", "Install the update, then log in again."], ["Save", "Cancel"]), at(90, 96, 14, "1{n}:{nn}")),
        page("#444", "#fff", window("Mail", ["Inbox {n}", "Setup wizard asked me for a licence agreement", "Re: GNU GRUB rescue", "Re: no bootable device after update"], ["Reply", "Forward", "Delete"]), at(90, 96, 14, "1{n}:{nn}")),
    ],
}
