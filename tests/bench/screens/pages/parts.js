// The parts of an interface. What has `data-kind` is an element of the truth.
const seed = Number(new URLSearchParams(location.search).get('seed') || 1);
const chance = new Chance(seed);
const theme = { ...chance.of(THEMES) };
const language = chance.happens(0.45) ? 'en' : chance.of(Object.keys(LANGUAGES));
const words = LANGUAGES[language];
theme.family = chance.of(theme.font);
theme.px = chance.of(theme.size);
theme.hasIcons = chance.happens(0.6);
theme.nativeBoxes = chance.happens(0.25);

function make(tag, style, children = [], data = {}) {
  const it = document.createElement(tag);
  Object.assign(it.style, style);
  for (const child of [children].flat()) it.append(child);
  for (const [key, value] of Object.entries(data)) it.dataset[key] = value;
  return it;
}
const px = (n) => `${n}px`;
const row = (style, children, data) => { const it = make('div', style, children, data); it.classList.add('row'); return it; };
const column = (style, children, data) => { const it = make('div', style, children, data); it.classList.add('column'); return it; };
const text = (content, style = {}, data = {}) => make('span', { whiteSpace: 'nowrap', ...style }, content, data);

const SHAPES = [
  '<path d="M2 4h5l2 2h9v10H2z"/>', '<path d="M4 1h8l4 4v14H4z" fill="none" stroke-width="1.5"/><path d="M7 9h6M7 12h6" stroke-width="1.2"/>',
  '<circle cx="8" cy="8" r="5" fill="none" stroke-width="2"/><path d="M12 12l6 6" stroke-width="2"/>', '<path d="M10 2l8 7h-2v9h-4v-5H8v5H4V9H2z"/>',
  '<path d="M5 7h10l-1 12H6zM3 4h14v2H3zM8 2h4v2H8z"/>', '<path d="M10 1l2.6 6 6.4.5-5 4.2 1.6 6.3-5.6-3.5L4.400 18 6 11.700l-5-4.200L7.400 7z"/>',
  '<circle cx="10" cy="6" r="4"/><path d="M2 19c0-6 16-6 16 0z"/>', '<path d="M3 5h14M3 10h14M3 15h14" stroke-width="2"/>',
  '<path d="M4 10l5 5 8-10" fill="none" stroke-width="2.500"/>', '<path d="M4 4l12 12M16 4L4 16" stroke-width="2"/>',
  '<path d="M3 10h12M10 5l5 5-5 5" fill="none" stroke-width="2"/>', '<path d="M10 3v14M3 10h14" stroke-width="2"/>',
  '<circle cx="10" cy="10" r="3"/><path d="M10 1v4M10 15v4M1 10h4M15 10h4M4 4l2.500 2.500M13.500 13.500L16 16M16 4l-2.500 2.500M6.500 13.500L4 16" stroke-width="2"/>',
  '<path d="M2 5h16v11H2z" fill="none" stroke-width="1.600"/><path d="M2 5l8 6 8-6" fill="none" stroke-width="1.600"/>',
  '<path d="M3 3h14v10H3zM7 16h6v2H7z"/>', '<circle cx="10" cy="10" r="8" fill="none" stroke-width="1.500"/><path d="M10 5v5l4 2" fill="none" stroke-width="1.500"/>',
  '<path d="M10 2c-4 0-5 3-5 6v4l-2 3h14l-2-3V8c0-3-1-6-5-6zM8 16h4c0 3-4 3-4 0z"/>', '<path d="M4 3h9l4 4v10H4zM7 3v5h6V3M7 12h7v5H7z" fill="none" stroke-width="1.500"/>',
];
const COLOURS = ['#e8b130', '#2d7dd2', '#d1495b', '#3a9d5d', '#7b5ea7', '#eb7a34', '#4a4a4a'];
function icon(size, colour, named = 'icon') {
  const it = make('span', { width: px(size), height: px(size) });
  it.classList.add('box');
  it.innerHTML = `<svg ${named ? `data-kind="${named}"` : ''} width="${size}" height="${size}" viewBox="0 0 20 20" fill="${colour}" stroke="${colour}" stroke-width="0">${chance.of(SHAPES)}</svg>`;
  return it;
}
const anyIcon = (size) => icon(size, chance.happens(0.5) ? chance.of(COLOURS) : theme.text);

function button(label, { primary = false, disabled = false, focused = false, minimum = 0 } = {}) {
  const height = Math.round(theme.px * chance.of([1.7, 1.9, 2.1, 2.4]));
  const style = {
    height: px(height), padding: `0 ${chance.number(8, 18)}px`, minWidth: px(minimum), borderRadius: px(theme.radius),
    background: primary ? theme.accent : theme.button, color: disabled ? theme.dim : primary ? theme.accentText : theme.buttonText,
    border: `1px solid ${primary ? theme.accent : theme.border}`, display: 'inline-flex', alignItems: 'center', justifyContent: 'center', flex: 'none',
  };
  if (theme.bevel) Object.assign(style, { background: theme.button, color: disabled ? theme.dim : theme.buttonText, border: '2px solid', borderColor: '#fff #404040 #404040 #fff', textShadow: disabled ? '1px 1px #fff' : 'none' });
  if (theme.gradient && !primary) style.background = 'linear-gradient(#f4f4f4, #dcdcdc)';
  if (focused) Object.assign(style, { outline: `2px solid ${theme.bevel ? '#000' : theme.accent}`, outlineOffset: theme.bevel ? '-5px' : '1px' });
  if (theme.bevel && focused) style.outline = '1px dotted #000';
  return make('div', style, text(label), { kind: 'button', text: label, enabled: !disabled, focused });
}

function field(content, width, { disabled = false, focused = false, label = '' } = {}) {
  const height = Math.round(theme.px * chance.of([1.7, 1.9, 2.2]));
  const style = {
    width: px(width), height: px(height), padding: `0 ${chance.number(4, 9)}px`, borderRadius: px(theme.radius), background: disabled ? theme.window : theme.field,
    color: disabled ? theme.dim : theme.fieldText, border: `1px solid ${focused ? theme.accent : theme.border}`, display: 'flex', alignItems: 'center', flex: 'none',
  };
  if (theme.bevel) Object.assign(style, { border: '2px solid', borderColor: '#808080 #fff #fff #808080' });
  if (focused && !theme.bevel) style.boxShadow = `inset 0 0 0 1px ${theme.accent}`;
  const children = [text(content)];
  if (focused) children.push(make('span', { width: '1px', height: px(theme.px + 3), background: theme.fieldText, flex: 'none' }));
  const it = make('div', style, children, { kind: 'field', text: content, label, enabled: !disabled, focused });
  it.classList.add('clip');
  return it;
}

function tick(kind, on, disabled) {
  const size = chance.of([13, 14, 16, 18]);
  const data = { kind, checked: on, enabled: !disabled };
  if (theme.nativeBoxes) {
    const it = make('input', { width: px(size), height: px(size), margin: 0, flex: 'none' }, [], data);
    it.type = kind; it.checked = on; it.disabled = disabled;
    return it;
  }
  const filled = on && !theme.bevel && theme.name !== 'seven' && kind === 'checkbox';
  const it = make('span', {
    width: px(size), height: px(size), borderRadius: kind === 'radio' ? '50%' : px(Math.min(theme.radius, 4)), flex: 'none',
    border: `${theme.bevel ? 2 : 1}px solid ${filled ? theme.accent : disabled ? theme.dim : theme.border}`, background: filled ? theme.accent : theme.field, display: 'inline-flex', alignItems: 'center', justifyContent: 'center',
  }, [], data);
  const ink = disabled ? theme.dim : filled ? theme.accentText : theme.bevel || theme.name === 'seven' ? theme.fieldText : theme.accent;
  if (on && kind === 'checkbox') it.innerHTML = `<svg width="${size - 3}" height="${size - 3}" viewBox="0 0 20 20"><path d="M3 10l5 5 9-11" fill="none" stroke="${ink}" stroke-width="3"/></svg>`;
  if (on && kind === 'radio') it.append(make('span', { width: px(size / 2), height: px(size / 2), borderRadius: '50%', background: ink }));
  return it;
}
function choice(kind, label, on, disabled = false) {
  const box = tick(kind, on, disabled);
  box.dataset.text = label;
  return row({ gap: px(chance.number(4, 8)), color: disabled ? theme.dim : theme.text, flex: 'none' }, [box, text(label)]);
}
const link = (label) => text(label, { color: theme.link, textDecoration: chance.happens(0.6) ? 'underline' : 'none' }, { kind: 'link', text: label });

function titleBar(title) {
  const glyph = (shape) => {
    const it = make('span', { width: px(theme.titleHeight * 1.3), height: '100%' });
    it.classList.add('box');
    it.innerHTML = `<svg data-kind="icon" width="10" height="10" viewBox="0 0 10 10" stroke="${theme.titleText}" fill="none">${shape}</svg>`;
    return it;
  };
  const children = [];
  if (chance.happens(0.6)) children.push(anyIcon(16));
  children.push(text(title, { flex: 1, paddingLeft: '6px', fontWeight: theme.bevel ? 'bold' : 'normal' }));
  if (chance.happens(0.7)) children.push(glyph('<path d="M0 5h10"/>'), glyph('<path d="M.5.5h9v9h-9z"/>'));
  children.push(glyph('<path d="M0 0l10 10M10 0L0 10"/>'));
  return row({ height: px(theme.titleHeight), background: theme.title, color: theme.titleText, padding: '0 4px 0 6px', flex: 'none', width: '100%' }, children, { kind: 'title-bar', text: title });
}
function menuBar() {
  const items = chance.some(words.menus, chance.number(3, 6)).map((it) => text(it, { padding: '3px 8px' }, { kind: 'menu', text: it }));
  return row({ width: '100%', background: theme.window, color: theme.text, flex: 'none', padding: '1px 2px' }, items);
}
function windowAt(x, y, width, height, kind, title, children) {
  const style = { position: 'absolute', left: px(x), top: px(y), width: px(width), height: px(height), background: theme.window, color: theme.text, overflow: 'hidden', borderRadius: px(Math.min(theme.radius, 8)), border: `1px solid ${theme.border}` };
  if (theme.bevel) Object.assign(style, { border: '2px solid', borderColor: '#fff #404040 #404040 #fff' });
  if (chance.happens(0.5)) style.boxShadow = '0 6px 24px rgba(0,0,0,.35)';
  return column(style, [titleBar(title), ...children], { kind, text: title });
}
