import { render } from 'preact'
import { StatusPage } from './pages/status-page.tsx'
import './styles/tokens.css'
import './styles/base.css'
import './styles/status.css'

const site = decodeURIComponent(location.pathname.split('/').filter((part) => part !== '').at(-1) ?? '')
const root = document.getElementById('app')
if (root !== null) render(<StatusPage site={site} />, root)
