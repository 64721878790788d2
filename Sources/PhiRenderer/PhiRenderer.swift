// PhiRenderer
