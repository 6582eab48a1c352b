import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import '@graphiql/plugin-explorer/style.css'
import './page.css'
import { createRoot } from 'react-dom/client'
import { readConfig } from './config.js'
import { Explorer } from './explorer.js'

const page = document.getElementById('page')
if (page === null) throw new Error('The page has no element with the id "page"')
createRoot(page).render(<Explorer config={readConfig()} />)
