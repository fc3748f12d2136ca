/** The properties of CSS that a theme sets, each with its default in light and in dark. */
export const themeDefaults = {
  accent: ['#1f5fd6', '#8ab4ff'],
  accentText: ['#ffffff', '#0b1526'],
  background: ['#f6f7f9', '#101317'],
  surface: ['#ffffff', '#181c22'],
  text: ['#171b22', '#e8ebf0'],
  muted: ['#596273', '#a3adbc'],
  border: ['#d5dae2', '#343b46'],
  danger: ['#b3261e', '#ff9d94'],
  warning: ['#8a5300', '#ffc46b'],
  good: ['#1b6b3a', '#7fd6a0'],
  radius: ['8px', '8px'],
  font: ['system-ui, sans-serif', 'system-ui, sans-serif'],
} as const

export type ThemeName = keyof typeof themeDefaults

/** Values of CSS: one for both modes, or one for each. */
export type Theme = { readonly [Name in ThemeName]?: string | { readonly light: string; readonly dark: string } }

/** The style sheet of the page. All of it stays inside `.tessera`, so that it fits into the shell of an app. */
export function styleOf(theme: Theme): string {
  const own = '.tessera,.tessera-body'
  return `${own}{${propertiesOf(theme, 0)}}@media(prefers-color-scheme:dark){${own}{${propertiesOf(theme, 1)}}}${RULES}`
}

function propertiesOf(theme: Theme, mode: 0 | 1): string {
  const names = Object.keys(themeDefaults) as ThemeName[]
  return names.map((name) => `--tessera-${name}:${valueOf(theme[name], mode) ?? themeDefaults[name][mode]}`).join(';')
}

function valueOf(value: Theme[ThemeName], mode: 0 | 1): string | undefined {
  return typeof value === 'object' ? (mode === 0 ? value.light : value.dark) : value
}

const RULES: string = `
.tessera{color-scheme:light dark;box-sizing:border-box;max-width:64rem;margin:0 auto;padding:1.5rem 1rem 4rem;color:var(--tessera-text);font:1rem/1.5 var(--tessera-font)}
.tessera *,.tessera *::before{box-sizing:inherit}
.tessera-body{margin:0;background:var(--tessera-background)}
.tessera h1{margin:0 0 .25rem;font-size:1.6rem;line-height:1.25;overflow-wrap:anywhere}
.tessera h2{margin:0 0 .5rem;font-size:1.1rem}
.tessera p{margin:.25rem 0 .75rem}
.tessera a{color:var(--tessera-accent)}
.tessera .muted,.tessera .hint{color:var(--tessera-muted);font-size:.9rem}
.tessera .head{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:start;justify-content:space-between;margin-bottom:1rem}
.tessera .button,.tessera button{display:inline-block;min-height:2.5rem;padding:.45rem .9rem;border:1px solid var(--tessera-border);border-radius:var(--tessera-radius);background:var(--tessera-surface);color:var(--tessera-text);font:inherit;font-weight:600;text-decoration:none;cursor:pointer}
.tessera .primary{border-color:var(--tessera-accent);background:var(--tessera-accent);color:var(--tessera-accentText)}
.tessera .danger{border-color:var(--tessera-danger);color:var(--tessera-danger)}
.tessera .button:hover,.tessera button:hover{filter:brightness(1.06)}
.tessera :focus-visible{outline:3px solid var(--tessera-accent);outline-offset:2px}
.tessera .card{margin:0 0 1rem;padding:1rem;border:1px solid var(--tessera-border);border-radius:var(--tessera-radius);background:var(--tessera-surface)}
.tessera .notice{border-inline-start:4px solid var(--tessera-good)}
.tessera .problem{border-inline-start:4px solid var(--tessera-danger)}
.tessera .usage{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:center;margin:0 0 1rem;font-size:.9rem;color:var(--tessera-muted)}
.tessera meter{width:8rem;height:.6rem}
.tessera .filter{display:flex;flex-wrap:wrap;gap:.75rem;align-items:end;margin-bottom:1rem}
.tessera label{font-weight:600}
.tessera .field{margin:0 0 1rem}
.tessera .field>label,.tessera .filter label{display:block;margin-bottom:.2rem}
.tessera input:not([type=checkbox],[type=radio]),.tessera select,.tessera textarea{width:100%;min-height:2.5rem;padding:.4rem .6rem;border:1px solid var(--tessera-muted);border-radius:var(--tessera-radius);background:var(--tessera-surface);color:inherit;font:inherit}
.tessera .filter .grow{flex:1 1 12rem}
.tessera .filter select{width:auto;max-width:100%}
.tessera fieldset{min-width:0;margin:0 0 1rem;padding:0;border:0}
.tessera legend{padding:0;font-weight:600}
.tessera .choice{display:flex;gap:.6rem;align-items:flex-start;padding:.35rem 0}
.tessera .choice label{font-weight:400;overflow-wrap:anywhere}
.tessera .choice input{flex:none;width:1.1rem;height:1.1rem;margin:.2rem 0 0;accent-color:var(--tessera-accent)}
.tessera .scopes{max-height:22rem;overflow:auto;padding:.25rem .75rem;border:1px solid var(--tessera-border);border-radius:var(--tessera-radius)}
.tessera [hidden]{display:none}
.tessera code,.tessera .secret input{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere}
.tessera .secret{display:flex;flex-wrap:wrap;gap:.5rem;align-items:end}
.tessera .secret .grow{flex:1 1 16rem}
.tessera table{width:100%;border-collapse:collapse;border:1px solid var(--tessera-border);background:var(--tessera-surface)}
.tessera th,.tessera td{padding:.6rem .75rem;border-bottom:1px solid var(--tessera-border);text-align:start;vertical-align:top;overflow-wrap:anywhere}
.tessera thead th{color:var(--tessera-muted);font-size:.85rem;font-weight:600;overflow-wrap:normal}
.tessera tbody th{font-weight:600}
.tessera .below{display:block;font-weight:400}
.tessera .badge{display:inline-block;padding:.05rem .5rem;border:1px solid currentColor;border-radius:1rem;font-size:.85rem;font-weight:600;white-space:nowrap}
.tessera .is-active{color:var(--tessera-good)}
.tessera .is-suspended,.tessera .soon{color:var(--tessera-warning)}
.tessera .is-revoked,.tessera .is-expired{color:var(--tessera-muted)}
.tessera .soon{font-weight:600}
.tessera dl{display:grid;grid-template-columns:minmax(7rem,auto) 1fr;gap:.4rem 1rem;margin:0}
.tessera dt{color:var(--tessera-muted)}
.tessera dd{margin:0;overflow-wrap:anywhere}
.tessera .actions{display:flex;flex-wrap:wrap;gap:.75rem;align-items:center}
.tessera nav{margin:1rem 0}
.tessera .columns{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:0 1rem;align-items:start}
@media(max-width:44rem){
.tessera thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.tessera table,.tessera tbody,.tessera tr,.tessera tbody th,.tessera td{display:block}
.tessera tr{padding:.5rem 0;border-bottom:1px solid var(--tessera-border)}
.tessera tbody th,.tessera td{padding:.2rem .75rem;border:0}
.tessera td::before{content:attr(data-label) ": ";color:var(--tessera-muted);font-size:.85rem}
.tessera dl,.tessera .columns{grid-template-columns:minmax(0,1fr)}
.tessera dd{margin-bottom:.4rem}}
@media(forced-colors:active){.tessera .badge,.tessera .card,.tessera .button,.tessera button{border:1px solid}}
@media print{.tessera-body{background:none}.tessera form,.tessera nav,.tessera .button,.tessera button{display:none}.tessera table,.tessera .card{border-color:#999}}
@media(prefers-reduced-motion:no-preference){.tessera .button,.tessera button{transition:filter .1s}}
`
