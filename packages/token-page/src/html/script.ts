/**
 * The script of the page. Everything works without it: it copies the secret, warns of leaving it uncopied, searches the
 * scopes, and shows the date only if it is chosen. A hidden date is not sent.
 */
export const script = `
const all=(selector)=>document.querySelectorAll(selector)
for(const button of all('[data-copy]')){
const field=document.getElementById(button.dataset.copy),status=document.getElementById(button.dataset.status)
let copied=false
button.hidden=false
field.focus();field.select()
field.addEventListener('copy',()=>{copied=true})
button.addEventListener('click',async()=>{
try{await navigator.clipboard.writeText(field.value);copied=true}
catch{field.select();copied=document.execCommand('copy')}
status.textContent=copied?button.dataset.copied:button.dataset.failed})
addEventListener('beforeunload',(event)=>{if(!copied)event.preventDefault()})}
for(const search of all('[data-scopes]')){
const list=document.getElementById(search.dataset.scopes),status=document.getElementById(search.dataset.status)
search.closest('[hidden]').hidden=false
search.addEventListener('keydown',(event)=>{if(event.key==='Enter')event.preventDefault()})
search.addEventListener('input',()=>{
const part=search.value.trim().toLowerCase()
let shown=0
for(const choice of list.children){choice.hidden=!choice.textContent.toLowerCase().includes(part);if(!choice.hidden)shown++}
status.textContent=shown+' / '+list.children.length})}
for(const choices of all('[data-dated]')){
const field=choices.querySelector('[data-date]'),date=field.querySelector('input')
const show=()=>{field.hidden=date.disabled=choices.querySelector('[name=expiry]:checked')?.value!=='date'}
choices.addEventListener('change',show);show()}
`
