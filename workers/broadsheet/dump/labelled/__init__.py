"""Dumps that label what they hold: exports of press archives, mails run together, cuttings, wire takes."""
