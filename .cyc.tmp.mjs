import ts from 'typescript'; import fs from 'fs'; import path from 'path'
const files=fs.readdirSync('src',{recursive:true}).filter(f=>f.endsWith('.ts'))
const g={},gt={}
for(const f of files){const sf=ts.createSourceFile(f,fs.readFileSync('src/'+f,'utf8'),99,true);g[f]=[];gt[f]=[]
 for(const s of sf.statements){ if((ts.isImportDeclaration(s)||ts.isExportDeclaration(s))&&s.moduleSpecifier){const m=s.moduleSpecifier.text; if(m.startsWith('.')){const t=path.posix.join(path.posix.dirname(f),m).replace(/\.js$/,'.ts'); const typeOnly = s.isTypeOnly || s.importClause?.isTypeOnly || (s.importClause?.namedBindings?.elements && !s.importClause.name && s.importClause.namedBindings.elements.every(e=>e.isTypeOnly)); gt[f].push(t); if(!typeOnly) g[f].push(t)}}}}
for(const [n,gr] of [['value',g],['type',gt]]){const st=new Map(),stack=[];const seen=new Set();function d(f){st.set(f,1);stack.push(f);for(const t of gr[f]??[]){if(st.get(t)===1){const c=stack.slice(stack.indexOf(t));console.log(n,c.join(' -> '),'->',t)}else if(!st.has(t))d(t)}stack.pop();st.set(f,2)};for(const f of files)if(!st.has(f))d(f)}
