// Whole screens, of each kind that a virtual machine shows.
const W = innerWidth, H = innerHeight;
const gap = () => chance.number(6, 14);

function desktop() {
  document.body.style.background = theme.gradient || chance.happens(0.3) ? `linear-gradient(135deg, ${theme.desktop}, ${chance.of(COLOURS)})` : theme.desktop;
}
function taskbar() {
  const height = chance.of([30, 40, 48]);
  const items = [anyIcon(22), ...Array.from({ length: chance.number(2, 6) }, () => anyIcon(20)), make('span', { flex: 1 }), text(`${chance.number(0, 23)}:${chance.number(10, 59)}`, { color: theme.titleText }), text(`${chance.number(1, 28)}.${chance.number(10, 12)}.202${chance.number(3, 6)}`, { color: theme.titleText })];
  document.body.append(row({ position: 'absolute', left: 0, bottom: 0, width: '100%', height: px(height), background: theme.title, gap: px(chance.number(10, 22)), padding: '0 12px' }, items));
}
function desktopIcons() {
  const names = chance.some(words.nouns, chance.number(3, 7));
  names.forEach((name, i) => document.body.append(column({ position: 'absolute', left: '10px', top: px(14 + i * 92), width: '84px', alignItems: 'center', gap: '5px', color: theme.name === 'web' || theme.name === 'eleven' ? '#000' : '#fff' }, [anyIcon(40), text(name, { maxWidth: '84px', overflow: 'hidden' })])));
}
function formRows(width) {
  const rows = [], labelled = chance.some(words.labels, chance.number(2, 5)), above = chance.happens(0.35);
  labelled.forEach((label, i) => {
    const content = chance.of(['', '', chance.of(words.nouns), String(chance.number(1, 65535)), `192.168.${chance.number(0, 255)}.${chance.number(1, 254)}`, 'admin', 'C:\\Program Files\\App', '••••••••', '/home/user']);
    const disabled = chance.happens(0.12), options = { disabled, focused: i === 0 && chance.happens(0.4), label };
    const name = text(label + (above ? '' : ':'), above ? { color: disabled ? theme.dim : theme.text } : { width: px(theme.px * 11), color: disabled ? theme.dim : theme.text });
    rows.push((above ? column : row)({ gap: px(above ? 4 : 8) }, [name, field(content, Math.min(width - (above ? 40 : theme.px * 11 + 60), chance.number(140, 320)), options)]));
  });
  return rows;
}
function choices() {
  const rows = [];
  for (const label of chance.some(words.checks, chance.number(1, 4))) rows.push(choice('checkbox', label, chance.happens(0.5), chance.happens(0.12)));
  if (chance.happens(0.6)) { const on = chance.number(0, 2); chance.some(words.radios, 3).forEach((label, i) => rows.push(choice('radio', label, i === on, chance.happens(0.08)))); }
  return rows;
}
function buttonRow(count) {
  const names = chance.some(words.buttons, count), main = chance.number(0, count - 1), minimum = chance.of([60, 75, 88]);
  return row({ gap: px(chance.number(6, 12)), width: '100%', justifyContent: chance.of(['flex-end', 'flex-end', 'center', 'flex-start']) }, names.map((it, i) => button(it, { primary: i === main && chance.happens(0.6), disabled: chance.happens(0.12), focused: i === main && chance.happens(0.3), minimum })));
}
function paragraph(width, count, style = {}) {
  const start = chance.number(0, PROSE.length - count);
  return make('div', { width: px(width), lineHeight: String(chance.of([1.2, 1.35, 1.5])), ...style }, PROSE.slice(start, start + count).join(' '));
}
function dialogAt(x, y, width) {
  const inner = width - 40, body = [];
  if (chance.happens(0.5)) body.push(row({ gap: '12px' }, [...(chance.happens(0.5) ? [anyIcon(32)] : []), text(chance.of(words.sentences))]));
  if (chance.happens(0.7)) body.push(...formRows(inner));
  if (chance.happens(0.8)) body.push(...choices());
  if (chance.happens(0.3)) body.push(link(chance.of(words.titles)));
  body.push(buttonRow(chance.number(2, 3)));
  const it = windowAt(x, y, width, 100, 'dialog', chance.of(words.titles), [column({ padding: '16px 18px', gap: px(gap()), width: '100%' }, body)]);
  it.style.height = 'auto';
  return it;
}

const SCREENS = {
  dialog() {
    desktop(); if (chance.happens(0.5)) desktopIcons(); taskbar();
    const width = chance.number(380, 560);
    document.body.append(dialogAt(chance.number(110, W - width - 20), chance.number(20, Math.max(21, H - 620)), width));
  },
  settings() {
    document.body.style.background = theme.window;
    const side = chance.number(200, 300);
    const nav = words.nouns.slice(0, 10).map((it) => row({ gap: '12px', height: px(theme.px * 2.6), paddingLeft: '14px' }, [anyIcon(16), text(it)]));
    const main = [text(chance.of(words.nouns), { fontSize: px(chance.of([22, 26, 30])), fontWeight: chance.of(['normal', 'bold']) }), text(chance.of(words.sentences), { color: theme.dim }), ...formRows(W - side - 60), text(chance.of(words.titles), { fontSize: px(theme.px + 4) }), ...choices(), buttonRow(2), link(chance.of(words.titles)), ...(H > 900 ? [paragraph(Math.min(W - side - 60, 600), 50), ...formRows(500)] : [])];
    document.body.append(row({ width: '100%', height: '100%', alignItems: 'stretch', color: theme.text }, [column({ width: px(side), background: theme.title, color: theme.titleText, padding: '20px 0' }, nav), column({ padding: '24px', gap: px(gap() + 3) }, main)]));
  },
  installer() {
    desktop(); const width = Math.min(W - 40, chance.number(600, 720)), height = Math.min(H - 40, chance.number(440, 500));
    const it = windowAt((W - width) >> 1, (H - height) >> 1, width, height, 'dialog', chance.of(words.titles), [
      column({ padding: '20px', gap: '12px', flex: 1, width: '100%', overflow: 'hidden' }, [text(chance.of(words.titles), { fontSize: px(theme.px + chance.of([4, 8])), fontWeight: 'bold' }), ...chance.some(words.sentences, 3).map((s) => text(s)), ...choices(), ...(chance.happens(0.5) ? formRows(width - 40).slice(0, 2) : [])]),
      row({ padding: '12px 16px', width: '100%', borderTop: `1px solid ${theme.border}` }, [buttonRow(3)]),
    ]);
    document.body.append(it);
  },
  login() {
    desktop();
    document.body.append(column({ position: 'absolute', left: 0, top: px(H * 0.25), width: '100%', alignItems: 'center', gap: '14px', color: ['eleven', 'web'].includes(theme.name) ? '#111' : '#fff', textShadow: chance.happens(0.3) ? '0 1px 3px #000' : 'none' }, [icon(90, ['eleven', 'web'].includes(theme.name) ? '#111111' : '#ffffff'), text(chance.of(['Administrator', 'admin', 'Jürgen Müller', 'user01', 'Zoë']), { fontSize: '24px' }), field(chance.of(['', '••••••', '']), 260, { focused: chance.happens(0.5), label: '' }), button(chance.of(words.buttons), { primary: true }), text(chance.of(words.sentences))]));
  },
  files() {
    document.body.style.background = theme.window; document.body.style.color = theme.text;
    const columns = [Math.max(220, W * 0.35), 150, 140, 90], lineHeight = Math.round(theme.px * chance.of([1.6, 1.9]));
    const rows = Array.from({ length: Math.floor((H - 190) / lineHeight) }, (_, i) => row({ height: px(lineHeight), background: i === 3 ? theme.accent : '', color: i === 3 ? theme.accentText : theme.text }, [make('span', { width: '26px' }, [anyIcon(14)]), ...[chance.of(FILES), `${chance.number(10, 28)}.${chance.number(10, 12)}.202${chance.number(1, 5)} ${chance.number(10, 23)}:${chance.number(10, 59)}`, chance.of(words.nouns), `${chance.number(1, 9999)} KB`].map((t, c) => make('span', { width: px(columns[c]), paddingRight: '8px', textAlign: c === 3 ? 'right' : 'left', whiteSpace: 'nowrap', overflow: 'hidden' }, t))]));
    document.body.append(column({ width: '100%', height: '100%' }, [titleBar(chance.of(words.titles)), menuBar(), row({ gap: '10px', padding: '6px 8px', width: '100%' }, [anyIcon(18), anyIcon(18), anyIcon(18), field('C:\\Users\\admin\\Documents', W * 0.5), field('', 160)]),
      row({ flex: 1, alignItems: 'stretch', overflow: 'hidden', width: '100%' }, [column({ width: '180px', padding: '8px', gap: '9px' }, words.nouns.slice(0, 8).map((it) => row({ gap: '7px' }, [anyIcon(16), text(it)]))), column({ flex: 1, paddingLeft: '8px', overflow: 'hidden' }, [row({ height: '26px', color: theme.dim, paddingLeft: '26px' }, ['Name', 'Date', 'Type', 'Size'].map((t, c) => make('span', { width: px(columns[c]), textAlign: c === 3 ? 'right' : 'left', paddingRight: '8px' }, t))), ...rows])]),
      row({ padding: '3px 10px', width: '100%', borderTop: `1px solid ${theme.border}`, gap: '20px' }, [text(`${chance.number(2, 90)} items`), text('1 item selected  24.3 KB')])]));
  },
  code() {
    const dark = chance.happens(0.6), mono = chance.of(MONOSPACE), size = chance.of([12, 13, 14, 15]);
    document.body.style.background = dark ? '#1e1e1e' : '#ffffff'; document.body.style.color = dark ? '#d4d4d4' : '#222';
    const colours = dark ? ['#569cd6', '#ce9178', '#6a9955', '#dcdcaa', '#d4d4d4'] : ['#0000ff', '#a31515', '#008000', '#795e26', '#222222'];
    const lines = Array.from({ length: Math.floor((H - 110) / (size * 1.5)) }, (_, i) => row({ height: px(size * 1.5), fontFamily: `"${mono}"`, fontSize: px(size), whiteSpace: 'pre' }, [make('span', { width: '46px', color: '#858585', textAlign: 'right', paddingRight: '14px' }, String(i + 1)), make('span', { color: chance.of(colours) }, chance.of(CODE))]));
    document.body.append(column({ width: '100%', height: '100%' }, [menuBar(), row({ padding: '6px 12px', gap: '16px' }, [text('main.rs'), text('lib.rs', { color: '#858585' })]), column({ flex: 1, overflow: 'hidden' }, lines), row({ background: theme.accent, color: theme.accentText, width: '100%', padding: '2px 10px', gap: '18px' }, [text('main'), text('Ln 12, Col 44'), text('UTF-8'), text('Spaces: 4')])]));
  },
  web() {
    Object.assign(document.body.style, { background: '#fff', color: '#212529' }); const width = Math.min(W - 80, chance.number(560, 860));
    const blocks = [text(chance.of(words.titles), { fontSize: px(chance.of([28, 34, 40])), fontWeight: chance.of(['bold', 'normal']) })];
    for (let i = 0; i < (H > 900 ? 4 : 2); i++) blocks.push(text(chance.of(words.sentences), { fontSize: '20px', fontWeight: 'bold' }), paragraph(width, chance.number(40, 80), { fontSize: px(chance.of([14, 15, 16])), fontFamily: chance.of(['', '"Liberation Serif"', '']) }), row({ gap: '18px' }, chance.some(words.nouns, 3).map(link)));
    blocks.push(row({ gap: '10px' }, [button(chance.of(words.buttons), { primary: true }), button(chance.of(words.buttons))]));
    document.body.append(column({ padding: '24px 40px', gap: '14px' }, [row({ gap: '26px', color: '#212529' }, [anyIcon(24), ...chance.some(words.nouns, 4).map(link)]), ...blocks]));
  },
  windows() {
    desktop(); desktopIcons(); taskbar();
    const width = Math.round(W * 0.5), height = Math.round(H * 0.6);
    document.body.append(windowAt(110, 24, width, height, 'window', chance.of(words.titles), [menuBar(), row({ gap: '14px', padding: '7px' }, Array.from({ length: 6 }, () => anyIcon(18))), make('div', { background: theme.field, color: theme.fieldText, width: '100%', flex: 1, padding: '8px', overflow: 'hidden' }, [paragraph(width - 30, 70)])]));
    const dialog = chance.number(360, 460);
    document.body.append(dialogAt(W - dialog - 40, Math.round(H * 0.3), dialog));
  },
};
const kinds = Object.keys(SCREENS);
const screenKind = kinds[seed % kinds.length];
Object.assign(document.body.style, { fontFamily: `"${theme.family}"`, fontSize: px(theme.px), color: theme.text });
SCREENS[screenKind]();
