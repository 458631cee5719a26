import { render } from 'preact'
import { App } from './app.tsx'
import { startLocation } from './store/location.ts'
import { startClock } from './store/now.ts'
import { refreshSession } from './store/session.ts'
import { startTheme } from './store/theme.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/frame.css'
import './styles/bars.css'
import './styles/overview.css'
import './styles/site.css'
import './styles/history.css'
import './styles/dialog.css'

startTheme()
startClock()
startLocation()
void refreshSession()

const root = document.getElementById('app')
if (root !== null) render(<App />, root)
