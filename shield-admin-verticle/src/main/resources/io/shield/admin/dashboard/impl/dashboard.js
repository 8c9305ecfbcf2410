// What HTML and htmx do not do by themselves: dialogs, keys, how live the page is, times, the theme.
(() => {
  'use strict';
  const byId = (id) => document.getElementById(id);
  const dialog = () => byId('dialog');

  // How live the page is. The stream says every 4 s that it is alive.
  const live = { source: null, heard: 0, broken: true, hidden: 0 };

  const heard = () => {
    live.heard = Date.now();
    live.broken = false;
    showLive();
  };

  const showLive = () => {
    const pill = byId('pill');
    if (!pill) return;
    const silent = Math.round((Date.now() - live.heard) / 1000);
    let state = 'live';
    let text = 'Live';
    if (live.hidden === -1) {
      state = 'paused';
      text = 'Paused';
    } else if (!live.heard) {
      state = 'connecting';
      text = 'Connecting';
    } else if (silent >= 12) {
      state = 'stale';
      text = `Stale for ${silent} s`;
    } else if (live.broken) {
      state = 'reconnecting';
      text = 'Reconnecting';
    }
    if (pill.dataset.state !== state) pill.dataset.state = state;
    const shown = byId('pill-text');
    if (shown.textContent !== text) shown.textContent = text;
  };

  const refresh = () => htmx.trigger('#main', 'refresh');

  document.addEventListener('htmx:sseOpen', (e) => {
    const source = e.detail.source;
    if (live.source === source) return;
    live.source = source;
    source.addEventListener('alive', heard);
    source.addEventListener('signed-out', () => {
      source.close();
      byId('signed-out').hidden = false;
    });
    heard();
  });
  document.addEventListener('htmx:sseError', (e) => {
    if (live.source && e.detail.source !== live.source && e.detail.source) live.source = e.detail.source;
    live.broken = true;
    showLive();
  });

  // A hidden tab gives its connection back; browsers have only six for a host.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      live.hidden = setTimeout(() => {
        if (live.source) live.source.close();
        live.source = null;
        live.hidden = -1;
        showLive();
      }, 5000);
    } else {
      if (live.hidden === -1) refresh();
      else clearTimeout(live.hidden);
      live.hidden = 0;
    }
  });

  // Dialogs: shown when filled, closed when emptied; the focus goes back to where it was.
  let opener = null;
  const opened = (target) => {
    if (target.innerHTML.trim() === '') {
      target.close();
      if (byId('pill').dataset.state !== 'live') refresh();
      return;
    }
    if (!target.open) {
      opener = document.activeElement && document.activeElement.id;
      target.showModal();
    }
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
    target.querySelectorAll('input[name=zone]').forEach((each) => { each.value = zone; });
    target.querySelectorAll('[data-zone]').forEach((each) => { each.textContent = zone; });
    const error = target.querySelector('[role=alert]');
    const focus = target.querySelector(error ? '[required]' : '[autofocus]');
    if (focus) focus.focus();
  };

  // Rows that are replaced keep their selection; what the selection was is kept by key.
  const picked = () => [...document.querySelectorAll('td.pick input:checked')].map((each) => each.value);
  let kept = [];
  document.addEventListener('htmx:beforeSwap', (e) => {
    if (e.detail.target && e.detail.target.id === 'main') kept = picked();
  });
  document.addEventListener('htmx:sseBeforeMessage', (e) => {
    const id = e.target.id;
    kept = picked();
    heard();
    setTimeout(() => {
      keep();
      const row = id && byId(id);
      if (row && row.tagName === 'TR') row.classList.add('changed');
      tick();
    }, 0);
  });
  const keep = () => {
    document.querySelectorAll('td.pick input').forEach((each) => {
      if (kept.includes(each.value) && !each.disabled) each.checked = true;
    });
  };

  // What was typed while the page was read again is searched for once it is there.
  let searched = null;
  const searchOn = () => {
    const search = byId('q');
    if (!search || search.name !== 'q') return;
    const typed = search.value.trim();
    const shown = (new URLSearchParams(location.search).get('q') || '').trim();
    if (typed !== shown && typed !== searched) htmx.trigger(search, 'input');
    searched = typed === shown ? null : typed;
  };

  document.addEventListener('htmx:afterSwap', (e) => {
    if (e.detail.target && e.detail.target.id === 'dialog') opened(e.detail.target);
    if (e.detail.target && e.detail.target.id === 'main') {
      keep();
      setTimeout(searchOn, 0);
    }
    if (e.detail.target && e.detail.target.id === 'palette-list') choose(0);
    toasts();
  });
  document.addEventListener('htmx:responseError', (e) => {
    if (e.detail.xhr.status === 401) byId('signed-out').hidden = false;
  });
  document.addEventListener('htmx:beforeRequest', (e) => {
    const toast = e.target.closest('.toast');
    if (toast) toast.hidden = true;
  });
  document.addEventListener('htmx:afterRequest', (e) => {
    const toast = e.target.closest('.toast');
    if (toast) toast.remove();
  });
  document.addEventListener('htmx:sendError', () => {
    live.broken = true;
    showLive();
    say('The server cannot be reached: nothing was sent.');
  });

  document.addEventListener('close', (e) => {
    if (e.target.id === 'dialog') {
      e.target.replaceChildren();
      const back = opener && byId(opener);
      if (back) back.focus();
    }
  }, true);

  // Messages stay for as long as what was done can be taken back.
  const say = (text) => {
    const toast = document.createElement('div');
    toast.className = 'toast';
    toast.dataset.seconds = '10';
    toast.textContent = text;
    byId('toasts').append(toast);
    toasts();
  };
  const toasts = () => {
    document.querySelectorAll('.toast:not([data-until])').forEach((each) => {
      each.dataset.until = Date.now() + 1000 * each.dataset.seconds;
    });
  };

  // Times in words, by this browser's clock.
  const relative = (iso) => {
    const moment = Date.parse(iso);
    const seconds = Math.abs(Date.now() - moment) / 1000;
    if (seconds < 10) return 'now';
    if (seconds > 30 * 86400) return iso.slice(0, 10);
    const text = seconds < 60 ? `${Math.floor(seconds)} s`
      : seconds < 3570 ? `${Math.round(seconds / 60)} min`
      : seconds < 84600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86400)} d`;
    return moment > Date.now() ? `in ${text}` : `${text} ago`;
  };
  const tick = () => document.querySelectorAll('time').forEach((each) => {
    const text = relative(each.dateTime);
    if (each.textContent !== text) each.textContent = text;
  });
  setInterval(() => {
    if (document.hidden) return;
    showLive();
    document.querySelectorAll('.toast[data-until]:not([hidden])').forEach((each) => {
      const left = Math.ceil((each.dataset.until - Date.now()) / 1000);
      const shown = each.querySelector('.left');
      if (left <= 0 && !each.contains(document.activeElement)) each.remove();
      else if (left <= -10) each.remove();
      else if (shown) shown.textContent = Math.max(left, 0);
    });
  }, 1000);
  setInterval(() => { if (!document.hidden) { tick(); htmx.trigger(document.body, 'poll'); } }, 10000);

  // The theme: as the system has it, light, dark.
  const themes = ['auto', 'light', 'dark'];
  const names = { auto: 'as the system has them', light: 'light', dark: 'dark' };
  const theme = (name) => {
    document.documentElement.dataset.theme = name;
    const button = byId('theme-button');
    if (!button) return;
    button.textContent = { auto: '◐', light: '☀', dark: '☾' }[name];
    button.setAttribute('aria-label', `Colours: ${names[name]}`);
    button.title = `Colours: ${names[name]}`;
  };
  theme(document.documentElement.dataset.theme);

  // The palette.
  const items = () => [...document.querySelectorAll('#palette-list .item')];
  let at = 0;
  const choose = (index) => {
    const all = items();
    at = Math.max(0, Math.min(index, all.length - 1));
    all.forEach((each, i) => {
      each.setAttribute('aria-selected', String(i === at));
      if (i === at) {
        each.scrollIntoView({ block: 'nearest' });
        byId('palette-text').setAttribute('aria-activedescendant', each.id);
      }
    });
  };
  const palette = () => {
    const box = byId('palette');
    if (!box || box.open || dialog().open) return;
    box.showModal();
    byId('palette-text').select();
    htmx.trigger('#palette form', 'open');
  };
  document.addEventListener('click', (e) => {
    const target = e.target.closest('button, .item');
    if (!target) return;
    if (target.id === 'palette-button') palette();
    if (target.id === 'help-button') byId('help').showModal();
    if (target.id === 'theme-button') {
      const next = themes[(themes.indexOf(document.documentElement.dataset.theme) + 1) % 3];
      document.cookie = `shield_theme=${next}; max-age=31536000; samesite=strict`;
      theme(next);
    }
    if (target.matches('.toast .close')) target.closest('.toast').remove();
    if (target.closest('#palette-list')) byId('palette').close();
  });

  document.addEventListener('change', (e) => {
    if (e.target.id === 'pick-all') {
      document.querySelectorAll('td.pick input:not(:disabled)').forEach((each) => { each.checked = e.target.checked; });
    }
    // What stands beside a choice chooses it.
    const label = e.target.closest && e.target.closest('fieldset label');
    if (label && e.target.type !== 'radio') label.querySelector('input[type=radio]').checked = true;
  });

  // Keys.
  const row = (step) => {
    const links = [...document.querySelectorAll('table.list tbody td.key a')];
    const now = links.findIndex((each) => each.closest('tr').contains(document.activeElement));
    const next = links[Math.max(0, Math.min(links.length - 1, now + step))];
    if (next) next.focus();
  };
  document.addEventListener('keydown', (e) => {
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k') {
      e.preventDefault();
      palette();
      return;
    }
    if (byId('palette') && byId('palette').open) {
      if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
        e.preventDefault();
        choose(at + (e.key === 'ArrowDown' ? 1 : -1));
      } else if (e.key === 'Enter') {
        e.preventDefault();
        if (items()[at]) items()[at].click();
      }
      return;
    }
    const typing = e.target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select');
    if (typing && e.key === 'Escape' && e.target.id === 'q' && e.target.value) {
      e.target.value = '';
      htmx.trigger(e.target, 'input');
      return;
    }
    if (typing || e.ctrlKey || e.metaKey || e.altKey || document.querySelector('dialog[open]')) return;
    if (e.key === '/') {
      const search = byId('q');
      if (search) {
        e.preventDefault();
        search.focus();
        search.select();
      }
    } else if (e.key === '?') {
      byId('help').showModal();
    } else if (e.key === 'j') {
      row(1);
    } else if (e.key === 'k') {
      row(-1);
    } else if (e.key === 'x') {
      const tr = document.activeElement.closest('tr');
      const box = tr && tr.querySelector('td.pick input:not(:disabled)');
      if (box) box.click();
    }
  });
})();
