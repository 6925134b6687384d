// The front page, live: listens to the stream and puts cards on top. All that was scraped goes in as text; an address
// becomes a link only if it is http(s).
"use strict";

(() => {
  const MOST_CARDS = 200; // on the page, and waiting while it is paused: what a person may still look through
  const FLUSH_MS = 120; // a burst of articles is laid out once, not a hundred times
  const RETRY_MS = 3000; // where the browser itself gave up (a server that answers with an error while it starts)
  const RELATIVE_HOURS = 20; // younger articles show their age, older ones their date

  const byId = (id) => document.getElementById(id);
  const list = byId("articles");
  const template = byId("card").content.firstElementChild;
  const pause = byId("pause");
  const waitingButton = byId("waiting");

  let position = document.body.dataset.position;
  let paused = false;
  let flushing = null;
  const arrived = new Map(); // id -> card, or null where it was withdrawn; in the order of arrival

  function streamAddress() {
    const address = new URL("stream" + document.body.dataset.query, document.baseURI);
    address.searchParams.set("view", "card");
    address.searchParams.set("after", position);
    return address;
  }

  function connect() {
    const source = new EventSource(streamAddress());
    source.addEventListener("open", () => say("live", "Live"));
    source.addEventListener("error", () => {
      say("lost", "Reconnecting…");
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, RETRY_MS);
    });
    source.addEventListener("article", (event) => {
      const card = JSON.parse(event.data);
      take(event, card.id, card);
    });
    source.addEventListener("gap", (event) => (position = event.lastEventId));
    source.addEventListener("withdrawn", (event) => take(event, JSON.parse(event.data).id, null));
  }

  function say(state, words) {
    byId("state").dataset.state = state;
    byId("state-text").textContent = words;
  }

  function take(event, id, card) {
    position = event.lastEventId;
    arrived.delete(id);
    arrived.set(id, card);
    if (arrived.size > MOST_CARDS) arrived.delete(arrived.keys().next().value);
    if (paused) return showWaiting();
    flushing ??= setTimeout(flush, FLUSH_MS);
  }

  function flush() {
    flushing = null;
    let shown = 0;
    for (const [id, card] of arrived) {
      find(id)?.remove();
      if (card === null) continue;
      list.prepend(draw(card));
      shown += 1;
    }
    arrived.clear();
    while (list.children.length > MOST_CARDS) list.lastElementChild.remove();
    byId("empty").hidden = list.children.length > 0;
    if (shown) byId("news").textContent = shown === 1 ? "1 new article" : `${shown} new articles`;
    showTimes();
  }

  function find(id) {
    for (const card of list.children) if (card.dataset.id === id) return card;
    return null;
  }

  function draw(card) {
    const element = template.cloneNode(true);
    const put = (name, words) => (element.querySelector(name).textContent = words);
    element.dataset.id = card.id;
    element.classList.add("new");
    put(".site", card.site);
    put(".section", card.section);
    put(".headline a", card.headline || "Without a headline");
    put(".teaser", card.teaser);
    put(".byline", card.byline);
    put(".language", card.language);
    put(".minutes", card.minutes ? `${card.minutes} min` : "");
    element.querySelector(".when").dateTime = card.published_at ?? card.arrived_at;
    element.querySelector(".headline a").href = "articles/" + encodeURIComponent(card.id);
    for (const name of [".headline", ".teaser"]) setLanguage(element.querySelector(name), card.language);
    setOriginal(element.querySelector(".original"), card.url);
    return element;
  }

  function setLanguage(element, code) {
    if (code) element.lang = code;
  }

  function setOriginal(link, url) {
    if (url && /^https?:\/\//i.test(url)) link.href = url;
    else link.remove();
  }

  // Times: the server writes them in full; here they become the reader's own.
  const ages = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });
  const moments = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  const days = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

  function timeWords(value) {
    const when = new Date(value);
    if (Number.isNaN(when.getTime())) return value;
    if (!value.includes("T")) return days.format(when);
    const minutes = Math.round((Date.now() - when) / 60000);
    if (minutes < 0 || minutes >= RELATIVE_HOURS * 60) return moments.format(when);
    return minutes < 60 ? ages.format(-minutes, "minute") : ages.format(-Math.round(minutes / 60), "hour");
  }

  function showTimes() {
    for (const time of document.querySelectorAll("time.when")) {
      time.textContent = timeWords(time.dateTime);
      const when = new Date(time.dateTime);
      if (time.dateTime.includes("T") && !Number.isNaN(when.getTime())) time.title = moments.format(when);
    }
  }

  function showWaiting() {
    const count = [...arrived.values()].filter((card) => card !== null).length;
    waitingButton.hidden = !paused || count === 0;
    waitingButton.textContent = count === 1 ? "Show 1 new article" : `Show ${count} new articles`;
  }

  function setPaused(value) {
    paused = value;
    pause.setAttribute("aria-pressed", String(paused));
    pause.textContent = paused ? "Resume" : "Pause";
    if (!paused) flush();
    showWaiting();
  }

  pause.hidden = false;
  pause.addEventListener("click", () => setPaused(!paused));
  waitingButton.addEventListener("click", () => {
    flush();
    showWaiting();
  });
  for (const select of document.querySelectorAll(".filters select")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }
  document.querySelector(".filters [type=submit]").hidden = true; // choosing is enough
  // A filter that is not used stays out of the address.
  document.querySelector(".filters").addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
  });
  say("lost", "Connecting…");
  showTimes();
  setInterval(showTimes, 30000);
  connect();
})();
