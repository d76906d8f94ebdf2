"""What travels between a laptop and the coordinating office: formats, crypto, transports, the sender."""
