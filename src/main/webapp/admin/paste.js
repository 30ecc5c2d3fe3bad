// @ts-check

const baseUrl = new URL('../', import.meta.url);

/**
 * Lines to show a source elsewhere, each with the format that it takes.
 *
 * @param {string} id
 * @param {string} [link] a share link's value, which lets in
 */
export function embedLines(id, link = '') {
  const query = link && `?link=${encodeURIComponent(link)}`;
  const stream = new URL(`live/${id}`, baseUrl).href;
  const player = new URL('player/zoetrope-player.js', baseUrl).href;
  const page = new URL(`embed/${id}`, baseUrl).href;
  return [
    { name: 'Image', way: 'gif', text: `<img src="${stream}.gif${query}" alt="">` },
    { name: 'Image, sharper (MJPEG)', way: 'mjpeg', text: `<img src="${stream}.mjpeg${query}" alt="">` },
    { name: 'Player', way: 'fmp4', text: `<script type="module" src="${player}"></script>\n<zoetrope-player src="${stream}${query}"></zoetrope-player>` },
    { name: 'Player in a frame', way: 'fmp4', text: `<iframe src="${page}${query}" width="640" height="360" allow="autoplay; fullscreen; picture-in-picture" title="Live picture"></iframe>` },
    { name: 'VLC, “Open network stream”', way: 'mpeg1', text: `${stream}.ts${query}` },
    { name: 'ffplay', way: 'mjpeg', text: `ffplay -fflags nobuffer -flags low_delay "${stream}.mjpeg${query}"` },
  ];
}

/** As one word of a shell, whatever is in it. @param {string} text */
function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * Lines to send to a source: name, line, and what to mind.
 *
 * @param {string} id
 * @param {'rtmp' | 'srt' | 'http' | 'pictures'} kind
 * @param {string} key
 * @param {string[]} urls as the server knows them, the key may be in them
 * @returns {[string, string, string][]}
 */
export function publishLines(id, kind, key, urls) {
  const host = location.hostname;
  const bearer = quoted(`Authorization: Bearer ${key}`);
  switch (kind) {
    case 'rtmp': {
      if (urls.length === 0) {
        return []; // its port is closed
      }
      const port = /^rtmps?:\/\/[^/]*:(\d+)/.exec(urls[0] ?? '')?.[1];
      const server = `rtmp://${host}${port && port !== '1935' ? `:${port}` : ''}/live`;
      return [
        ['OBS: Settings, Stream, Service “Custom…”: Server', server, ''],
        ['OBS: Stream Key', `${id}?key=${encodeURIComponent(key)}`, 'Output, Output Mode “Advanced”: Keyframe Interval 2 s.'],
        ['ffmpeg', `ffmpeg -re -i in.mp4 -c:v libx264 -g 50 -c:a aac -f flv '${server}/${id}?key=${encodeURIComponent(key)}'`, 'Or whatever it shall send instead of in.mp4.'],
        ['Raspberry Pi', `rpicam-vid -t 0 --inline -g 50 -o - | ffmpeg -i - -c copy -f flv '${server}/${id}?key=${encodeURIComponent(key)}'`, ''],
      ];
    }
    case 'srt': {
      const port = /:(\d+)/.exec((urls[0] ?? '').replace(/^srt:\/\//, ''))?.[1] ?? '9000';
      const address = `srt://${host}:${port}${key ? `?passphrase=${encodeURIComponent(key)}` : ''}`;
      return [
        ['OBS: Settings, Stream, Service “Custom…”: Server', address, 'Without a stream key.'],
        ['ffmpeg', `ffmpeg -re -i in.mp4 -c copy -f mpegts '${address}'`, 'The port is open while somebody watches, or always with “Keep it running”.'],
        ['Raspberry Pi', `rpicam-vid -t 0 --inline -g 50 -o - | ffmpeg -i - -c copy -f mpegts '${address}'`, ''],
      ];
    }
    case 'http': {
      const address = new URL(`publish/${id}`, baseUrl).href;
      return [
        ['ffmpeg', `ffmpeg -re -i in.mp4 -c copy -headers ${bearer} -f mpegts ${address}`, ''],
        ['curl', `ffmpeg -re -i in.mp4 -c copy -f mpegts - | curl -T - -H ${bearer} ${address}`, 'MPEG-TS, Matroska, WebM, FLV or fragmented MP4.'],
        ['Raspberry Pi', `rpicam-vid -t 0 --inline -g 50 -o - | ffmpeg -i - -c copy -f mpegts - | curl -T - -H ${bearer} ${address}`, ''],
      ];
    }
    case 'pictures': {
      const address = new URL(`publish/${id}/picture`, baseUrl).href;
      return [
        ['curl', `curl -T picture.png -H ${bearer} ${address}`, 'One JPEG, PNG, GIF or WebP a request.'],
        ['Raspberry Pi, every 10 seconds', `while rpicam-still -n -t 1 -o - | curl -T - -H ${bearer} ${address}; do sleep 10; done`, ''],
        ['Python', `import urllib.request\nurllib.request.urlopen(urllib.request.Request("${address}", open("picture.png", "rb").read(), {"Authorization": ${JSON.stringify(`Bearer ${key}`)}}, method="PUT"))`, ''],
      ];
    }
    default:
      return urls.map((url) => ['Address', url, '']);
  }
}
