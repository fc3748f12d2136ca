/**
 * The style of the app. Rules of its own pages stay inside `.page`, so that they leave the token page alone. The colours are
 * those of the token page, which can have others by its option `theme`.
 */
export const style = `
:root{color-scheme:light dark;--accent:#1f5fd6;--on-accent:#fff;--back:#f6f7f9;--surface:#fff;--text:#171b22;--muted:#596273;--line:#d5dae2;--danger:#b3261e;--good:#1b6b3a}
@media(prefers-color-scheme:dark){:root{--accent:#8ab4ff;--on-accent:#0b1526;--back:#101317;--surface:#181c22;--text:#e8ebf0;--muted:#a3adbc;--line:#343b46;--danger:#ff9d94;--good:#7fd6a0}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--text);font:1rem/1.5 system-ui,sans-serif}
.bar{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:center;padding:.75rem max(1rem,calc((100% - 62rem)/2));border-bottom:1px solid var(--line);background:var(--surface)}
.bar nav{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;align-items:center}
.bar nav:last-child{margin-inline-start:auto}
.bar nav a{padding:.25rem 0;color:var(--text);text-decoration:none;overflow-wrap:anywhere}
.bar nav a:hover{text-decoration:underline}
.brand{font-size:1.15rem;font-weight:700;color:var(--accent);text-decoration:none}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;padding:.5rem;background:var(--surface)}
#content:focus{outline:none}
.page{max-width:64rem;margin:0 auto;padding:1.5rem 1rem 4rem}
.page .narrow{max-width:26rem;margin:0 auto}
.page h1{margin:0 0 .25rem;font-size:1.6rem;line-height:1.25;overflow-wrap:anywhere}
.page h2{margin:0 0 .5rem;font-size:1.1rem}
.page p{margin:.25rem 0 .75rem}
.page a{color:var(--accent)}
.page .muted,.bar .muted{color:var(--muted)}
.page label{display:block;font-weight:600}
.page input,.page select{width:100%;min-height:2.5rem;padding:.4rem .6rem;border:1px solid var(--muted);border-radius:8px;background:var(--surface);color:inherit;font:inherit}
.page button,.bar button{min-height:2.5rem;padding:.45rem .9rem;border:1px solid var(--line);border-radius:8px;background:var(--surface);color:var(--text);font:inherit;font-weight:600;cursor:pointer}
.bar form button{min-height:2rem;padding:.2rem .7rem}
.page .primary{border-color:var(--accent);background:var(--accent);color:var(--on-accent)}
.page .danger{border-color:var(--danger);color:var(--danger)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.page .card{margin:1rem 0;padding:1rem;border:1px solid var(--line);border-radius:8px;background:var(--surface)}
.page .card form>*+*{margin-top:1rem}
.page .problem{border-inline-start:4px solid var(--danger)}
.page .notice{border-inline-start:4px solid var(--good)}
.page .inline{display:flex;flex-wrap:wrap;gap:.5rem;align-items:end}
.page .card form.inline>*+*{margin-top:0}
.page .inline .grow{flex:1 1 12rem}
.page .inline select{width:auto}
.page summary{min-height:2.5rem;padding:.45rem 0;cursor:pointer}
.page ul.list{margin:1rem 0;padding:0;list-style:none;border:1px solid var(--line);border-radius:8px;background:var(--surface)}
.page ul.list>li{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;justify-content:space-between;padding:.6rem .75rem;overflow-wrap:anywhere}
.page ul.list>li+li{border-top:1px solid var(--line)}
.page table{width:100%;border-collapse:collapse;border:1px solid var(--line);background:var(--surface)}
.page th,.page td{padding:.6rem .75rem;border-bottom:1px solid var(--line);text-align:start;vertical-align:top;overflow-wrap:anywhere}
.page thead th{color:var(--muted);font-size:.85rem;font-weight:600}
.page code{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere}
@media(max-width:44rem){
.bar nav:last-child{margin-inline-start:0}
.bar nav{column-gap:.9rem;font-size:.95rem}
.page td:empty{display:none}
.page td[data-label]::before{content:attr(data-label) ": ";color:var(--muted);font-size:.85rem}
.page thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.page table,.page tbody,.page tr,.page td{display:block}
.page tr{padding:.5rem 0;border-bottom:1px solid var(--line)}
.page td{padding:.1rem .75rem;border:0}}
`
