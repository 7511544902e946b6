import 'vant/es/image-preview/index.css'
import 'vant/es/overlay/index.css'
import 'vant/es/popup/index.css'
import 'vant/es/swipe/index.css'

export { showImagePreview } from 'vant/es/image-preview'
